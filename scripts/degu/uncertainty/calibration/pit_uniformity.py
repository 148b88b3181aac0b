"""Distance of the probability integral transform, PIT, from uniform, which it is under the true distribution."""

import numpy as np
from scipy import stats

from degu.uncertainty.distributions import Distribution, Recalibrated

USES = "levels"


def metric(measured: np.ndarray, predicted: Distribution | Recalibrated) -> float:
    """Return the Kolmogorov-Smirnov statistic, the largest distance of the PIT's empirical CDF from the uniform one.

    It ranges from 1 / (2 n), the best value, to 1. Unlike the miscalibration area it detects a biased mean.

    Parameters
    ----------
    measured
        Measured values, (n,).
    predicted
        Predictive distribution of the same n values.
    """
    return float(stats.kstest(predicted.cdf(measured), "uniform").statistic)


def p_value(measured: np.ndarray, predicted: Distribution | Recalibrated) -> float:
    """Return the p-value of the statistic, which holds for independent rows that nothing was fitted on."""
    return float(stats.kstest(predicted.cdf(measured), "uniform").pvalue)
