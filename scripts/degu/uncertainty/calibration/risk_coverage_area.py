"""The area under the risk-coverage curve, AURC."""

import numpy as np

from degu.uncertainty.curves import errors_by_certainty, retained_risk
from degu.uncertainty.distributions import Distribution

USES = "std"


def metric(measured: np.ndarray, predicted: Distribution) -> float:
    """Return the mean, over every number k of rows, of the mean squared error of the k most certain.

    In the target's unit, squared; lower is better, and a constant std has the mean squared error of all. Geifman,
    Uziel and El-Yaniv (2019), "Bias-reduced uncertainty estimation for deep neural classifiers", for squared errors.

    Parameters
    ----------
    measured
        (n,).
    predicted
        Of the same n values.
    """
    return float(np.mean(retained_risk(errors_by_certainty(measured, predicted)[1])))
