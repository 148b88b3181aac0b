"""Split conformal prediction with intervals proportional to a predicted std (Lei et al. 2018, section 5.2).

The score is |y - mean| / std.
"""

from collections.abc import Mapping
from typing import Literal

import numpy as np
from crepes import ConformalRegressor

from degu.uncertainty.rows import FLOOR, ROUNDING, Inapplicable, Rows


def intervals(
    rows: Mapping[str, Rows], level: float, *, std: Literal["aleatoric", "epistemic", "total"] = "total"
) -> np.ndarray:
    """Return intervals for the test rows, (n, 2), scaled by the kind of std that `std` names."""
    calibration, test = rows["calibration"], rows["test"]
    calibration_scale, test_scale = scales(rows, std)
    regressor = ConformalRegressor().fit(calibration.measured - calibration.mean, sigmas=calibration_scale)
    return regressor.predict_int(test.mean, sigmas=test_scale, confidence=level - ROUNDING)


def scales(rows: Mapping[str, Rows], std: str) -> tuple[np.ndarray, np.ndarray]:
    """Return a kind of std of the calibration rows and of the test rows, (n,) each, made positive.

    A linear head may predict values near or below zero: those below `FLOOR` times the median of the absolute values are
    raised to it. The median is taken over calibration and test rows together, so that they stay exchangeable.

    Raises
    ------
    Inapplicable
        If the model has no such std, or if it is zero for most rows.
    """
    parts = [rows[split].need("std", std) for split in ("calibration", "test")]
    floor = FLOOR * np.median(np.abs(np.concatenate(parts)))
    if floor == 0:
        raise Inapplicable(f"the std '{std}' is zero for most rows", expected="a std that differs between rows")
    return np.maximum(parts[0], floor), np.maximum(parts[1], floor)
