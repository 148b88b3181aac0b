"""Width of central intervals of one level."""

import numpy as np

from degu.uncertainty.distributions import Distribution, Recalibrated

USES = "levels"
RANGES = {"level": {"above": 0, "below": 1}}


def metric(measured: np.ndarray, predicted: Distribution | Recalibrated, *, level: float = 0.95) -> float:
    """Return the mean width of the central intervals of nominal coverage `level`, in the target's unit.

    The width does not depend on the measured values. At equal coverage, narrower is better.
    """
    lower, upper = predicted.interval(level)
    return float(np.mean(upper - lower))
