"""Split conformal prediction with intervals as wide as a predicted std says (Lei et al. 2018, Section 5.2).

The score is |y - mean| / std.
"""

from collections.abc import Mapping
from typing import Literal

import numpy as np
from crepes import ConformalRegressor

from degu.uncertainty.rows import ROUNDING, Inapplicable, Rows

# Of the median std: no row counts as more certain than this, or a std of zero would make a score infinite.
FLOOR = 0.01


def intervals(
    rows: Mapping[str, Rows], level: float, *, std: Literal["aleatoric", "epistemic", "total"] = "total"
) -> np.ndarray:
    """Return intervals for the test rows, (n, 2), as the package describes; `std` is the kind to scale by."""
    calibration, test = rows["calibration"], rows["test"]
    calibration_scale, test_scale = scales(rows, std)
    regressor = ConformalRegressor().fit(calibration.measured - calibration.mean, sigmas=calibration_scale)
    return regressor.predict_int(test.mean, sigmas=test_scale, confidence=level - ROUNDING)


def scales(rows: Mapping[str, Rows], std: str) -> tuple[np.ndarray, np.ndarray]:
    """Return a kind of std of the calibration and of the test rows, (n,) each, made positive.

    What is below `FLOOR` times the median of their absolute values, as a linear head may predict, is raised to that.
    The median is over calibration and test rows together, so that they stay exchangeable.

    Raises
    ------
    Inapplicable
        If the model has no such std, or it is zero for most rows.
    """
    parts = [rows[split].need("std", std) for split in ("calibration", "test")]
    floor = FLOOR * np.median(np.abs(np.concatenate(parts)))
    if floor == 0:
        raise Inapplicable(f"the std '{std}' is zero for most rows", expected="a std that differs between rows")
    return np.maximum(parts[0], floor), np.maximum(parts[1], floor)
