"""The area under the sparsification error, AUSE."""

import numpy as np

from degu.uncertainty.curves import sparsification_curve
from degu.uncertainty.distributions import Distribution

USES = "std"


def metric(measured: np.ndarray, predicted: Distribution) -> float:
    """Return the mean, over every number of rows removed, of the curve's distance above the oracle's.

    0 if the std ranks the errors perfectly, NaN if no prediction errs; scaling the std does not change it. Ilg et al.
    (2018), "Uncertainty estimates and multi-hypotheses networks for optical flow"; of the root mean squared error over
    that of all rows.

    Parameters
    ----------
    measured
        (n,).
    predicted
        Of the same n values.
    """
    curve = sparsification_curve(measured, predicted, points=len(predicted))
    return float(np.mean(curve["error"] - curve["oracle"]))
