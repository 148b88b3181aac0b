"""Whether the probability integral transform, PIT, is uniform, as it is under the truth."""

import numpy as np
from scipy import stats

from degu.uncertainty.distributions import Distribution, Recalibrated

USES = "levels"


def metric(measured: np.ndarray, predicted: Distribution | Recalibrated) -> float:
    """Return the greatest distance of the PIT's empirical CDF from the uniform one, Kolmogorov and Smirnov's statistic.

    From 1 / (2 n), best, to 1. Unlike the area of miscalibration it sees a mean that is off to one side.

    Parameters
    ----------
    measured
        (n,).
    predicted
        Of the same n values.
    """
    return float(stats.kstest(predicted.cdf(measured), "uniform").statistic)


def p_value(measured: np.ndarray, predicted: Distribution | Recalibrated) -> float:
    """Return how probable so great a statistic is under the truth, for independent rows that nothing was fitted on."""
    return float(stats.kstest(predicted.cdf(measured), "uniform").pvalue)
