"""Area under the risk-coverage curve, AURC."""

import numpy as np

from degu.uncertainty.curves import errors_by_certainty, retained_risk
from degu.uncertainty.distributions import Distribution

USES = "std"


def metric(measured: np.ndarray, predicted: Distribution) -> float:
    """Return the mean squared error of the k most certain rows, averaged over k from 1 to n.

    Its unit is the square of the target's, and lower is better; a constant std has the mean squared error of all rows.
    This is the measure of Geifman, Uziel and El-Yaniv (2019), "Bias-reduced uncertainty estimation for deep neural
    classifiers", for squared errors.

    Parameters
    ----------
    measured
        Measured values, (n,).
    predicted
        Predictive distribution of the same n values.
    """
    return float(np.mean(retained_risk(errors_by_certainty(measured, predicted)[1])))
