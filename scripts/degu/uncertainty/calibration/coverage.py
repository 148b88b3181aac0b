"""Coverage of central intervals of one level."""

import numpy as np

from degu.uncertainty.curves import covered
from degu.uncertainty.distributions import Distribution, Recalibrated

USES = "levels"
RANGES = {"level": {"above": 0, "below": 1}}


def metric(measured: np.ndarray, predicted: Distribution | Recalibrated, *, level: float = 0.95) -> float:
    """Return the fraction of measured values, (n,), inside their central interval of nominal coverage `level`."""
    return float(np.mean(covered(measured, predicted, level)))
