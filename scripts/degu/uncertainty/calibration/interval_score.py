"""Interval score, also called Winkler score."""

import numpy as np

from degu.errors import DeguError
from degu.uncertainty.distributions import Distribution, Recalibrated, as_measured
from degu.uncertainty.scores import interval_score

USES = "levels"
RANGES = {"level": {"above": 0, "below": 1}}


def metric(measured: np.ndarray, predicted: Distribution | Recalibrated, *, level: float = 0.95) -> float:
    """Return the mean of the interval's width plus 2 / (1 - level) times a value's distance from the interval.

    The score is proper, in the target's unit, and lower is better. See Gneiting and Raftery (2007), "Strictly proper
    scoring rules, prediction, and estimation", equation 43.

    Parameters
    ----------
    measured
        Measured values, (n,).
    predicted
        Predictive distribution of the same n values.
    level
        Nominal coverage, below 1.
    """
    if level == 1:
        raise DeguError("1", where="level of an interval score", expected="below 1, whose interval is infinite")
    lower, upper = predicted.interval(level)
    measured = as_measured(measured, len(predicted))
    return float(np.mean(interval_score(measured, lower, upper, 1 - level)))
