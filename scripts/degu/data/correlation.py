"""Pearson's correlation, which every stage of a run uses."""

import numpy as np


def pearson(one: np.ndarray, other: np.ndarray) -> float:
    """Return Pearson's correlation of two arrays of shape (N,); NaN if one is constant or there is one value."""
    if len(one) < 2 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return float("nan")
    return float(np.corrcoef(one, other)[0, 1])
