"""Area between the curves of observed and nominal coverage."""

import numpy as np

from degu.uncertainty.distributions import Distribution, Recalibrated

USES = "levels"


def metric(measured: np.ndarray, predicted: Distribution | Recalibrated) -> float:
    """Return the integral of |coverage - level| over the levels of central intervals; 0 is best, 0.5 is worst.

    See Tran et al. (2020), "Methods for comparing uncertainty quantifications for material property predictions". The
    integral is exact here: the interval of a level covers a value if |2 PIT - 1| is at most the level, so that the
    coverage is a step function of the level with steps at these numbers. Even the true distribution has an area of
    0.31 / sqrt(n) in expectation.

    Parameters
    ----------
    measured
        Measured values, (n,).
    predicted
        Predictive distribution of the same n values.
    """
    needed = np.sort(np.abs(2 * predicted.cdf(measured) - 1))
    left, right = np.append(0, needed), np.append(needed, 1)
    coverage = np.arange(len(needed) + 1) / len(needed)
    return float(np.sum(_integral(right - coverage) - _integral(left - coverage)))


def _integral(x: np.ndarray) -> np.ndarray:
    """Return the integral of |x| from 0."""
    return x * np.abs(x) / 2
