"""Split conformal prediction with intervals of one width (Lei et al. 2018, algorithm 2); the score is |y - mean|."""

from collections.abc import Mapping

import numpy as np
from crepes import ConformalRegressor

from degu.uncertainty.rows import ROUNDING, Rows


def intervals(rows: Mapping[str, Rows], level: float) -> np.ndarray:
    """Return intervals for the test rows, (n, 2), as `degu.uncertainty.conformal` describes."""
    calibration, test = rows["calibration"], rows["test"]
    regressor = ConformalRegressor().fit(calibration.measured - calibration.mean)
    return regressor.predict_int(test.mean, confidence=level - ROUNDING)
