"""Mondrian conformal prediction (Vovk et al. 2005, chapter 4): split conformal prediction in each bin of a feature.

The nominal coverage then holds within every bin, and not only over all rows. The score is |y - mean|.
"""

import logging
import warnings
from collections.abc import Mapping
from typing import Literal

import numpy as np
from crepes import ConformalRegressor

from degu.uncertainty.rows import ROUNDING, Rows

RANGES = {"bins": {"at_least": 1}}

log = logging.getLogger(__name__)


def intervals(
    rows: Mapping[str, Rows],
    level: float,
    *,
    by: Literal["mean", "aleatoric", "epistemic", "total", "gc"] = "mean",
    bins: int = 5,
) -> np.ndarray:
    """Return intervals for the test rows, (n, 2), as `degu.uncertainty.conformal` describes.

    Bins have equally many calibration rows. The rows that define the edges between bins are left out of the
    calibration. Without ties, a test row is then exactly exchangeable with the other calibration rows of its bin.

    Parameters
    ----------
    rows
        Rows of `calibration` and `test`.
    level
        Nominal coverage.
    by
        Feature that is binned: `mean`, the predicted activity; a kind of std; or the covariate `gc`.
    bins
        Number of bins.

    Returns
    -------
    Intervals, (n, 2), infinite where a row's bin has too few calibration rows for the level
    """
    calibration, test = rows["calibration"], rows["test"]
    feature, test_feature = calibration.feature(by), test.feature(by)
    at_edge = np.argsort(feature, kind="stable")[np.arange(1, bins) * len(feature) // bins]
    edges = feature[at_edge]
    residuals = np.delete(calibration.measured - calibration.mean, at_edge)
    bin_of = np.searchsorted(edges, np.delete(feature, at_edge), side="right")
    test_bin_of = np.searchsorted(edges, test_feature, side="right")

    regressor = ConformalRegressor().fit(residuals, bins=bin_of)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="the no. of calibration examples")
        result = regressor.predict_int(test.mean, bins=test_bin_of, confidence=level - ROUNDING)
    # Ties at an edge can make a bin without calibration rows, for which crepes returns [0, 0].
    result[~np.isin(test_bin_of, bin_of)] = -np.inf, np.inf
    infinite = np.isinf(result[:, 0])
    if infinite.any():
        log.warning(
            "%s of %s test rows have infinite intervals: too few calibration rows in their bin of '%s' for level %g",
            f"{infinite.sum():,}",
            f"{len(result):,}",
            by,
            level,
        )
    return result
