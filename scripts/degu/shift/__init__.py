"""Sequences of other kinds than those of an assay, and what models predict for them."""
