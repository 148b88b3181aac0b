"""Sequences with what was measured of them, from published files to batches."""
