"""Area under the sparsification error, AUSE."""

import numpy as np

from degu.uncertainty.curves import sparsification_curve
from degu.uncertainty.distributions import Distribution

USES = "std"


def metric(measured: np.ndarray, predicted: Distribution) -> float:
    """Return the mean distance of the sparsification curve above the oracle's, over every number of removed rows.

    It is 0 if the std ranks the errors perfectly, and NaN if all errors are 0; scaling the std does not change it. The
    curves show the root mean squared error relative to that of all rows. See Ilg et al. (2018), "Uncertainty estimates
    and multi-hypotheses networks for optical flow".

    Parameters
    ----------
    measured
        Measured values, (n,).
    predicted
        Predictive distribution of the same n values.
    """
    curve = sparsification_curve(measured, predicted, points=len(predicted))
    return float(np.mean(curve["error"] - curve["oracle"]))
