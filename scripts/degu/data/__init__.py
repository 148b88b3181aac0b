"""Sequences and their measurements, from published files to batches."""
