"""Expected normalised calibration error, ENCE."""

import numpy as np

from degu.uncertainty.curves import errors_by_certainty
from degu.uncertainty.distributions import Distribution

USES = "std"
RANGES = {"bins": {"at_least": 1}}


def metric(measured: np.ndarray, predicted: Distribution, *, bins: int = 10) -> float:
    """Return the mean over bins of |RMV - RMSE| / RMV, where RMV is the root mean variance.

    See Levi et al. (2022), "Evaluating and calibrating uncertainty prediction in regression tasks". Even the true
    distribution, if it is normal, has a value of about sqrt(bins / (pi n)) in expectation; so only values for equal n
    and equal bins can be compared.

    Parameters
    ----------
    measured
        Measured values, (n,).
    predicted
        Predictive distribution of the same n values.
    bins
        Number of bins of equal count, in order of std; at most the number of rows.
    """
    std, squared = errors_by_certainty(measured, predicted)
    bins = min(bins, len(std))
    rmv = np.sqrt([part.mean() for part in np.array_split(std**2, bins)])
    rmse = np.sqrt([part.mean() for part in np.array_split(squared, bins)])
    return float(np.mean(np.abs(rmv - rmse) / rmv))
