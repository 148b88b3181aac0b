"""Weighted split conformal prediction, for test rows of another population (Tibshirani et al. 2019, corollary 1)."""

import logging
from collections.abc import Mapping
from typing import Literal

import numpy as np

from degu.uncertainty.conformal.normalized import scales
from degu.uncertainty.rows import Rows, weighted_bounds

log = logging.getLogger(__name__)


def intervals(
    rows: Mapping[str, Rows], level: float, *, std: Literal["aleatoric", "epistemic", "total"] | None = None
) -> np.ndarray:
    """Return intervals for the test rows, (n, 2), as `degu.uncertainty.conformal` describes.

    Parameters
    ----------
    rows
        Rows of `calibration` and `test`, both with weights (`degu.uncertainty.density_ratio`).
    level
        Nominal coverage of test rows from the shifted population.
    std
        Kind of std to scale by, as in `degu.uncertainty.conformal.normalized`; None for the score |y - mean|.

    Returns
    -------
    Intervals, (n, 2), infinite where a row's weight is more than 1 - `level` of all weights
    """
    calibration, test = rows["calibration"], rows["test"]
    calibration_scale, test_scale = (1.0, 1.0) if std is None else scales(rows, std)
    score = np.abs(calibration.measured - calibration.mean) / calibration_scale
    half_width = test_scale * weighted_bounds(score, calibration.need("weights"), test.need("weights"), level)
    infinite = np.isinf(half_width)
    if infinite.any():
        log.warning(
            "%s of %s test rows have infinite intervals: they weigh too much beside the calibration rows for level %g",
            f"{infinite.sum():,}",
            f"{len(test.mean):,}",
            level,
        )
    return np.stack([test.mean - half_width, test.mean + half_width], axis=1)
