"""The continuous ranked probability score."""

import numpy as np

from degu.uncertainty.distributions import Distribution

USES = "std"


def metric(measured: np.ndarray, predicted: Distribution) -> float:
    """Return the mean score of the measured values, (n,), in the target's unit; lower is better.

    The integral of (F(x) - [measured <= x])^2 over x: the absolute error, were F a point. Gneiting and Raftery (2007),
    "Strictly proper scoring rules, prediction, and estimation", section 4.2.
    """
    return float(np.mean(predicted.crps(measured)))
