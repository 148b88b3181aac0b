"""Accuracy, and the floor that every model must beat."""
