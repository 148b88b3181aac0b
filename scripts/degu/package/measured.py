"""What a student was measured to be worth on the test split: accuracy, and the coverage of its intervals."""

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import stats

from degu.data.correlation import pearson
from degu.errors import DeguError
from degu.package.calibration import METHODS, Calibration
from degu.uncertainty.coverage import coverage, median_width
from degu.uncertainty.profile_calibration import QUANTITIES, ProfileCalibration, group_weights, measured_in_bins

LEVELS = (0.5, 0.8, 0.9, 0.95)
# Intervals of profiles hold each bin by itself, or all bins of a window at once.
FORMS = ("bin", "simultaneous")


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


def measure_profiles(
    counts: np.ndarray, group: np.ndarray, heads: Mapping[str, np.ndarray], calibration: ProfileCalibration
) -> dict[str, Any]:
    """Return what the card tells of the intervals of profiles.

    Parameters
    ----------
    counts, group, heads
        Counts of each replicate, (n, T, R, S, P), group, (n,), and predicted heads of the test windows.
    calibration
        What the intervals are made from.

    Returns
    -------
    A mapping of `replicates`, `calibration_windows`, and `targets`: for each a mapping of `factors` on the standard
    deviation and `intervals`. These have a `quantity`, a `form` (`bin` or `simultaneous`), a `level`, the `coverage`
    (of bins, or of windows with all their bins) and the median `width`; levels that cannot be had are left out
    """
    told: list[dict[str, Any]] = [
        {"factors": dict(zip(QUANTITIES, np.round(own, 4).tolist(), strict=True)), "intervals": []}
        for own in calibration.factors
    ]
    for quantity in QUANTITIES:
        measured = measured_in_bins(counts, heads, quantity)
        for form, level in itertools.product(FORMS, LEVELS):
            try:
                ends = calibration.intervals(heads, level, quantity, simultaneous=form == "simultaneous")
            except DeguError:
                continue
            inside = (ends[..., 0] <= measured) & (measured <= ends[..., 1])
            together = np.all if form == "simultaneous" else np.mean
            by_window = np.asarray(together(inside, axis=(2, 3)), dtype=np.float64)
            for target, own in enumerate(told):
                there = ~np.isnan(measured[:, target]).any(axis=(1, 2))
                if not there.any():
                    continue
                found = np.average(by_window[there, target], weights=group_weights(group[there]))
                width = np.median(ends[there, target, ..., 1] - ends[there, target, ..., 0])
                known = {"coverage": round(float(found), 4), "width": float(f"{width:.4g}")}
                own["intervals"].append({"quantity": quantity, "form": form, "level": level, **known})
    return {"replicates": calibration.replicates, "calibration_windows": calibration.regions, "targets": told}
