"""Sharpness: how certain the predictions are, whether they are right or wrong."""

import numpy as np

from degu.uncertainty.distributions import Distribution

USES = "std"


def metric(measured: np.ndarray, predicted: Distribution) -> float:
    """Return the root mean variance, in the target's unit; it does not depend on the measured values.

    Sharper is better only among calibrated methods. See Gneiting, Balabdaoui and Raftery (2007), "Probabilistic
    forecasts, calibration and sharpness".
    """
    return float(np.sqrt(np.mean(predicted.std**2)))
