"""Measured effects of variants, what models predict for them, and how well the uncertainty of a difference knows it."""
