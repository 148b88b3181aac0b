"""Whether larger errors have larger stds."""

import numpy as np

from degu.evaluation.accuracy import spearman
from degu.uncertainty.curves import squared_errors
from degu.uncertainty.distributions import Distribution

USES = "std"


def metric(measured: np.ndarray, predicted: Distribution) -> float:
    """Return Spearman's correlation of the absolute error with the std, (n,) each; NaN if one is constant.

    Not even the true std reaches 1, as an error is a single draw; where the std varies little it stays near 0.
    """
    # Squared errors rank as absolute ones do.
    return spearman(squared_errors(measured, predicted), predicted.std)
