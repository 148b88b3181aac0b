"""Weighted split conformal prediction, for test rows of another population (Tibshirani et al. 2019, Corollary 1)."""

import logging
from collections.abc import Mapping

import numpy as np

from degu.uncertainty.conformal.normalized import scales
from degu.uncertainty.rows import ROUNDING, Rows

log = logging.getLogger(__name__)


def intervals(rows: Mapping[str, Rows], level: float, *, std: str | None = None) -> np.ndarray:
    """Return intervals for the test rows, (n, 2), as `degu.uncertainty.conformal` describes.

    Parameters
    ----------
    rows
        The rows of `calibration` and `test`, both with weights (`degu.uncertainty.density_ratio`).
    level
        Probability to cover, of test rows from the shifted population.
    std
        The kind of std to scale by, as in `degu.uncertainty.conformal.normalized`; None for the score |y - mean|.

    Returns
    -------
    (n, 2), infinite where a row weighs more than 1 - `level` of all weights
    """
    calibration, test = rows["calibration"], rows["test"]
    calibration_scale, test_scale = (1.0, 1.0) if std is None else scales(rows, std)
    score = np.abs(calibration.measured - calibration.mean) / calibration_scale
    half_width = test_scale * _quantiles(score, calibration.need("weights"), test.need("weights"), level)
    infinite = np.isinf(half_width)
    if infinite.any():
        log.warning(
            "%s of %s test rows have infinite intervals: they weigh too much beside the calibration rows for level %g",
            f"{infinite.sum():,}",
            f"{len(test.mean):,}",
            level,
        )
    return np.stack([test.mean - half_width, test.mean + half_width], axis=1)


def _quantiles(score: np.ndarray, weights: np.ndarray, test_weights: np.ndarray, level: float) -> np.ndarray:
    """Return for each test row the quantile of the weighted scores and its own weight at infinity, (n_test,).

    It is the least score that, with all below it, has `level` of the weight.
    """
    order = np.argsort(score)
    below = np.cumsum(weights[order], dtype=np.float64)
    wanted = (level - ROUNDING) * (below[-1] + test_weights)
    return np.append(score[order], np.inf)[np.searchsorted(below, wanted)]
