"""The expected normalised calibration error, ENCE."""

import numpy as np

from degu.uncertainty.curves import errors_by_certainty
from degu.uncertainty.distributions import Distribution

USES = "std"


def metric(measured: np.ndarray, predicted: Distribution, *, bins: int = 10) -> float:
    """Return the mean over bins of |RMV - RMSE| / RMV, with RMV the root mean variance.

    Levi et al. (2022), "Evaluating and calibrating uncertainty prediction in regression tasks". The truth itself, of
    normal errors, has about sqrt(bins / (pi n)) in expectation: compare only values of equal n and bins.

    Parameters
    ----------
    measured
        (n,).
    predicted
        Of the same n values.
    bins
        Of equal count, in order of std; as many as there are rows where those are fewer.
    """
    std, squared = errors_by_certainty(measured, predicted)
    bins = min(bins, len(std))
    rmv = np.sqrt([part.mean() for part in np.array_split(std**2, bins)])
    rmse = np.sqrt([part.mean() for part in np.array_split(squared, bins)])
    return float(np.mean(np.abs(rmv - rmse) / rmv))
