"""What a student was measured to be worth on the test split: accuracy, and the coverage of its intervals."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import stats

from degu.data.correlation import pearson
from degu.errors import DeguError
from degu.package.calibration import METHODS, Calibration
from degu.uncertainty.coverage import coverage, median_width

LEVELS = (0.5, 0.8, 0.9, 0.95)


def measure(measured: np.ndarray, heads: Mapping[str, np.ndarray], calibration: Calibration) -> list[dict[str, Any]]:
    """Return what the card tells of each target.

    Parameters
    ----------
    measured, heads
        Measured activity, (n, T), and predicted heads, (n, T) each, of the test rows.
    calibration
        What intervals are made from.

    Returns
    -------
    For each target a mapping of `rows`, `pearson`, `spearman`, `rmse`, and `intervals`: for each method and level its
    `coverage` and median `width`; methods and levels that cannot be had are left out
    """
    told: list[dict[str, Any]] = []
    for target in range(measured.shape[1]):
        y, mean = measured[:, target].astype(np.float64), heads["mean"][:, target].astype(np.float64)
        told.append(
            {
                "rows": len(y),
                "pearson": round(pearson(y, mean), 4),
                "spearman": round(float(stats.spearmanr(y, mean).statistic), 4),
                "rmse": round(float(np.sqrt(np.mean(np.square(y - mean)))), 4),
                "intervals": [],
            }
        )
    for method in METHODS:
        for level in LEVELS:
            try:
                ends = calibration.intervals(heads, level, method)
            except DeguError:
                continue
            for target, own in enumerate(told):
                own["intervals"].append(
                    {
                        "method": method,
                        "level": level,
                        "coverage": round(coverage(measured[:, target], ends[:, target]), 4),
                        "width": round(median_width(ends[:, target]), 4),
                    }
                )
    return told
