"""Motifs that recur in attribution maps."""
