"""Scores of accuracy, and a simple baseline that every model must beat."""
