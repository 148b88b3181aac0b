"""Continuous ranked probability score, CRPS."""

import numpy as np

from degu.uncertainty.distributions import Distribution

USES = "std"


def metric(measured: np.ndarray, predicted: Distribution) -> float:
    """Return the mean score of the measured values, (n,), in the target's unit; lower is better.

    The score is the integral of (F(x) - [measured <= x])^2 over x. For a distribution of one point it is the absolute
    error. See Gneiting and Raftery (2007), "Strictly proper scoring rules, prediction, and estimation", section 4.2.
    """
    return float(np.mean(predicted.crps(measured)))
