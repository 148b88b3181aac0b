"""Predicted uncertainties: distributions, calibration, conformal intervals, and how far each can be trusted."""
