"""Functions that losses share."""
