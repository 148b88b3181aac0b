"""Negative log-likelihood, also called log score."""

import numpy as np

from degu.uncertainty.distributions import Distribution

USES = "std"


def metric(measured: np.ndarray, predicted: Distribution) -> float:
    """Return the mean of the negative log density at the measured values, (n,), in nats; lower is better."""
    return float(-np.mean(predicted.log_density(measured)))
