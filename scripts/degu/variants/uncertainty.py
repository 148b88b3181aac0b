"""Whether the uncertainty of a difference knows the errors of predicted effects, and which have a wrong sign."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from degu.config.plugins import load
from degu.evaluation.accuracy import auroc, mean_squared_error
from degu.evaluation.bootstrap import GroupBootstrap, ends
from degu.uncertainty.coverage import coverage, mean_width
from degu.uncertainty.curves import sparsification_curve
from degu.uncertainty.distributions import Distribution
from degu.uncertainty.recalibration import scale_std

# The size of the predicted effect, which names wrong signs without any uncertainty.
SIZE = "absolute_effect"
# A factor is fitted to no fewer variants, and no fewer are judged.
FEWEST = 20
_METRICS = ("risk_coverage_area", "error_correlation")


def judge_uncertainty(
    measured: np.ndarray,
    effect: np.ndarray,
    std: np.ndarray,
    bootstrap: GroupBootstrap,
    *,
    level: float,
    factor: float | None = None,
    members: np.ndarray | None = None,
) -> Iterator[dict]:
    """Yield what a standard deviation of predicted effects is worth.

    Parameters
    ----------
    measured, effect, std
        Measured and predicted effects, and the standard deviation of the latter, (n,) each.
    bootstrap
        Resamples of the same variants.
    level
        Nominal level of intervals.
    factor
        The factor on the standard deviation that other variants of the same loci gave, or None.
    members
        Effects that the members of the ensemble predict, (M, n), or None.
    """
    for recalibration, by in {"none": 1.0, "std_scaling": factor}.items():
        if by is None:
            continue
        intervals = np.stack(Distribution(effect, by * std).interval(level), axis=1)
        inside = (intervals[:, 0] <= measured) & (measured <= intervals[:, 1])
        known = {"recalibration": recalibration, "reference": "measured"}
        low, high = bootstrap.interval_of_mean(inside.astype(np.float64))
        yield {**known, "metric": "coverage", "value": coverage(measured, intervals), "low": low, "high": high}
        yield {**known, "metric": "interval_width", "value": mean_width(intervals)}
    if members is not None:
        intervals = np.stack(Distribution(effect, std).interval(level), axis=1)
        shares = [coverage(own, intervals) for own in members]
        yield {"recalibration": "none", "reference": "members", "metric": "coverage", "value": float(np.mean(shares))}
    known = {"recalibration": "none", "reference": "measured"}
    for metric in _METRICS:
        value = load("metric", metric).metric(measured, Distribution(effect, std))
        yield {**known, "metric": metric, "value": value}
    # The risk without any uncertainty, which the area would have for a constant standard deviation.
    yield {**known, "metric": "mse", "value": mean_squared_error(effect, measured)}


def judge_signs(
    measured: np.ndarray, effect: np.ndarray, stds: Mapping[str, np.ndarray], bootstrap: GroupBootstrap
) -> Iterator[dict]:
    """Yield how well uncertainty tells wrong signs from right ones, by the area under the ROC curve.

    The standard deviation alone is compared with its ratio to the size of the effect, which decides how probable a
    wrong sign is, and with the size alone.

    Parameters
    ----------
    measured, effect
        Measured and predicted effects, (n,) each.
    stds
        Standard deviations of the predicted effects, (n,) each, by the way to have them.
    bootstrap
        Resamples of the same variants.
    """
    wrong = (np.sign(effect) != np.sign(measured)).astype(int)
    size = np.abs(effect)
    known = {"recalibration": "none", "reference": "measured"}
    low, high = bootstrap.interval_of_mean(wrong.astype(np.float64))
    yield {**known, "uncertainty": "", "metric": "wrong_signs", "value": float(wrong.mean()), "low": low, "high": high}
    if not 0 < wrong.sum() < len(wrong):
        return
    scores = {(SIZE, "auroc_of_wrong_signs"): -size}
    for way, std in stds.items():
        scores[way, "auroc_of_wrong_signs"] = std
        scores[way, "auroc_of_wrong_signs_by_ratio"] = std / np.maximum(size, np.finfo(np.float64).tiny)
    values = {key: auroc(score, wrong) for key, score in scores.items()}
    resampled = {key: bootstrap.resampled("auroc", score, wrong) for key, score in scores.items()}
    for (way, metric), value in values.items():
        low, high = ends(resampled[way, metric])
        yield {**known, "uncertainty": way, "metric": metric, "value": value, "low": low, "high": high}
    for way in stds:
        ratio, plain = (way, "auroc_of_wrong_signs_by_ratio"), (SIZE, "auroc_of_wrong_signs")
        low, high = ends(resampled[ratio] - resampled[plain])
        gain = {"metric": "auroc_gain_by_ratio", "value": values[ratio] - values[plain], "low": low, "high": high}
        yield {**known, "uncertainty": way, **gain}


def factor_of(measured: np.ndarray, effect: np.ndarray, std: np.ndarray) -> float | None:
    """Return the factor on a standard deviation that other variants, (n,) each, ask for; None if these are few."""
    return scale_std(measured, Distribution(effect, std)) if len(measured) >= FEWEST else None


def risk_coverage_curve(measured: np.ndarray, effect: np.ndarray, std: np.ndarray) -> pd.DataFrame:
    """Return the error of the effects that are kept when the least certain ones are set aside.

    Returns
    -------
    Table with the columns `kept` (the fraction), `error` and `oracle` (root mean squared errors relative to that of all
    effects; for the oracle the largest errors are set aside)
    """
    curve = sparsification_curve(measured, Distribution(effect, std))
    return curve.assign(kept=1 - curve["removed"])[["kept", "error", "oracle"]]
