"""Sequences that are designed with models, and whether these keep what they promise."""
