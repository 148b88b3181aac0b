"""Rank correlation of the absolute errors with the predicted stds."""

import numpy as np

from degu.evaluation.accuracy import spearman
from degu.uncertainty.curves import squared_errors
from degu.uncertainty.distributions import Distribution

USES = "std"


def metric(measured: np.ndarray, predicted: Distribution) -> float:
    """Return Spearman's correlation of the absolute errors with the stds, (n,) each; NaN if one of them is constant.

    Even the true std does not reach 1, because an error is a single draw. The correlation stays near 0 where the std
    varies little.
    """
    # Squared errors have the same ranks as absolute errors.
    return spearman(squared_errors(measured, predicted), predicted.std)
