"""The area between observed and nominal coverage."""

import numpy as np

from degu.uncertainty.distributions import Distribution, Recalibrated

USES = "levels"


def metric(measured: np.ndarray, predicted: Distribution | Recalibrated) -> float:
    """Return the integral of |coverage - level| over the levels of central intervals; 0 is best, 0.5 worst.

    Tran et al. (2020), "Methods for comparing uncertainty quantifications for material property predictions". It is
    exact here: the interval of a level covers a value if |2 PIT - 1| is at most the level, so the coverage is a step
    function of the level, with its steps at these. The truth itself has 0.31 / sqrt(n) in expectation.

    Parameters
    ----------
    measured
        (n,).
    predicted
        Of the same n values.
    """
    needed = np.sort(np.abs(2 * predicted.cdf(measured) - 1))
    left, right = np.append(0, needed), np.append(needed, 1)
    coverage = np.arange(len(needed) + 1) / len(needed)
    return float(np.sum(_integral(right - coverage) - _integral(left - coverage)))


def _integral(x: np.ndarray) -> np.ndarray:
    """Return the integral of |x| from 0."""
    return x * np.abs(x) / 2
