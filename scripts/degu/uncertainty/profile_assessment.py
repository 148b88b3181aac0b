"""How far the uncertainties of the bins of profiles can be trusted: coverage of intervals, and errors against stds.

All is fitted on the calibration split and measured on the test split, for the counts of all replicates together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from degu.data.store import SequenceStore
from degu.evaluation.bootstrap import GroupBootstrap
from degu.evaluation.profile_scores import subsets_of
from degu.evaluation.profile_uncertainty import predicted_profiles
from degu.prediction.ensemble import Predictions
from degu.uncertainty.bin_stds import Predicted
from degu.uncertainty.calibration import expected_normalized_calibration_error
from degu.uncertainty.distributions import Distribution
from degu.uncertainty.profile_calibration import (
    QUANTITIES,
    ProfileCalibration,
    bounds_of,
    group_weights,
    interval_about,
    measured_in_bins,
    predicted_in_bins,
    scores_of,
)

INTERVAL_COLUMNS = [
    *("target", "model", "seed", "quantity", "interval", "level", "subset", "metric"),
    *("value", "low", "high"),
]
CURVE_COLUMNS = ["target", "model", "seed", "quantity", "bin", "std", "recalibrated", "error", "low", "high"]
ALL = "all"
# The intervals that are compared: those of the std, uncalibrated and recalibrated, and conformal ones.
INTERVALS = ("predicted", "recalibrated", "absolute", "normalized", "simultaneous")
ENCE = "expected_normalized_calibration_error"
# Bins of profiles are put in order of their std, and divided into this number of parts.
PARTS = 10


class ProfileAssessment(NamedTuple):
    """Tidy tables with one measurement in each row.

    Attributes
    ----------
    intervals
        Columns `INTERVAL_COLUMNS`. The metric `bins` is the fraction of bins inside their intervals, `regions` that of
        windows of which all bins are inside, and `width` the mean width of the intervals. The subsets are all test
        windows, regions, their thirds with few, some and many counts, and negatives. Every group of windows counts
        alike, as in the guarantee, and ends are those of 95 % bootstrap intervals over groups. Without a level, it also
        holds the factor on the std (`factor`) and the error of its calibration (`ENCE`), as predicted and recalibrated.
    curves
        Columns `CURVE_COLUMNS`. Bins of profiles in order of their std are in parts of equal size. Each row holds the
        root mean square of the stds of a part, before and after recalibration, and of the errors, with its interval.
    """

    intervals: pd.DataFrame
    curves: pd.DataFrame


@dataclass(frozen=True)
class _Windows:
    """Windows of one split in the bins of one target and quantity.

    Attributes
    ----------
    quantity
        One of `QUANTITIES`.
    measured, predicted, std
        What was measured in their bins, and what was predicted, (n, S, B) each.
    group
        The group of each window, (n,).
    there
        Which windows of the split they are, bool: those that have a measured value.
    """

    quantity: str
    measured: np.ndarray
    predicted: np.ndarray
    std: np.ndarray
    group: np.ndarray
    there: np.ndarray


def assess_profiles(
    store: SequenceStore, ensemble: Predictions, students: Predictions, levels: Sequence[float], seed: int
) -> ProfileAssessment:
    """Assess the intervals and the standard deviations of profiles of an ensemble and of its students.

    Parameters
    ----------
    store
        The data set, with its counts.
    ensemble, students
        What members and students predict, with the heads of profiles. The validation split gives the least std.
    levels
        Nominal coverages of the intervals.
    seed
        Seed of the bootstrap.
    """
    assert store.counts is not None
    rows = {split: store.rows(split) for split in ("calibration", "test")}
    counts, group = ({split: values[own] for split, own in rows.items()} for values in (store.counts, store.group))
    subsets = subsets_of(store, counts["test"].sum(axis=(1, 2, 3, 4)))
    subsets[ALL] = np.ones(len(rows["test"]), dtype=bool)
    intervals: list[dict] = []
    curves: list[dict] = []
    splits = (predicted_profiles(ensemble, students, split) for split in ("validation", "calibration", "test"))
    for (model, number, others), (_, _, fitted), (_, _, heads) in zip(*splits, strict=True):
        calibration = ProfileCalibration.of_predictions(counts["calibration"], group["calibration"], fitted, others)
        known, test = (
            _windows(counts[split], group[split], of_split, calibration)
            for split, of_split in (("calibration", fitted), ("test", heads))
        )
        for place, own in test.items():
            index, quantity = place
            labels = {"target": store.target_names[index], "model": model, "seed": number, "quantity": quantity}
            factor = float(calibration.factors[index, QUANTITIES.index(quantity)])
            measure = _Coverage(own, {name: chosen[own.there] for name, chosen in subsets.items()}, seed)
            measured = [
                *(row for given in _half_widths(known[place], own, factor, levels) for row in measure.rows(*given)),
                *_calibration_of_stds(own, factor),
            ]
            intervals += [{**labels, **row} for row in measured]
            curves += [{**labels, **row} for row in _curve(own, factor, measure.bootstrap[ALL])]
    return ProfileAssessment(
        pd.DataFrame(intervals, columns=INTERVAL_COLUMNS), pd.DataFrame(curves, columns=CURVE_COLUMNS)
    )


def _windows(
    counts: np.ndarray, group: np.ndarray, heads: Predicted, calibration: ProfileCalibration
) -> dict[tuple[int, str], _Windows]:
    """Return the windows of a split by the index of a target and the quantity."""
    found = {}
    for quantity in QUANTITIES:
        measured, predicted = measured_in_bins(counts, heads, quantity), predicted_in_bins(heads, quantity)
        std = calibration.std(heads, quantity)
        for index in range(measured.shape[1]):
            there = ~np.isnan(measured[:, index]).any(axis=(1, 2))
            own = [values[there, index] for values in (measured, predicted, std)]
            found[index, quantity] = _Windows(quantity, own[0], own[1], own[2], group[there], there)
    return {place: found[place] for place in sorted(found, key=lambda place: place[0])}


def _half_widths(
    known: _Windows, test: _Windows, factor: float, levels: Sequence[float]
) -> Iterator[tuple[str, float, np.ndarray]]:
    """Yield the name, the level and half the width, (n, S, B), of each kind of interval for test windows."""
    normalized = scores_of(known.measured, known.predicted, known.std)
    absolute = scores_of(known.measured, known.predicted, np.ones_like(known.std))
    for level in levels:
        half = stats.norm.isf((1 - level) / 2) * test.std
        yield "predicted", level, half
        yield "recalibrated", level, factor * half
        conformal = {
            "absolute": bounds_of(absolute, known.group, level, simultaneous=False) * np.ones_like(half),
            "normalized": bounds_of(normalized, known.group, level, simultaneous=False) * test.std,
            "simultaneous": bounds_of(normalized, known.group, level, simultaneous=True) * test.std,
        }
        for name, half in conformal.items():
            # There may be too few calibration windows for a level.
            if np.isfinite(half).all():
                yield name, level, half


class _Coverage:
    """Coverage and width of intervals for test windows, and for subsets of these, bool (n,) each."""

    def __init__(self, test: _Windows, subsets: Mapping[str, np.ndarray], seed: int) -> None:
        self._test = test
        self._subsets = {name: there for name, there in subsets.items() if there.any()}
        self.bootstrap = {name: GroupBootstrap(test.group[there], seed) for name, there in self._subsets.items()}

    def rows(self, name: str, level: float, half: np.ndarray) -> Iterator[dict]:
        """Yield the measurements of a kind of interval of one level, of half a width (n, S, B)."""
        ends = interval_about(self._test.predicted, half, self._test.quantity)
        inside = (ends[..., 0] <= self._test.measured) & (self._test.measured <= ends[..., 1])
        by_window = {
            "bins": inside.mean(axis=(1, 2)),
            "regions": inside.all(axis=(1, 2)).astype(np.float64),
            "width": (ends[..., 1] - ends[..., 0]).mean(axis=(1, 2)),
        }
        for subset, there in self._subsets.items():
            weights = group_weights(self._test.group[there])
            for metric, values in by_window.items():
                low, high = self.bootstrap[subset].ratio(weights * values[there], weights)
                value = float(np.average(values[there], weights=weights))
                labels = {"interval": name, "level": level, "subset": subset, "metric": metric}
                yield {**labels, "value": value, "low": low, "high": high}


def _calibration_of_stds(test: _Windows, factor: float) -> Iterator[dict]:
    """Yield the factor on the std, and the error of the calibration of stds before and after it."""
    known = {"level": np.nan, "subset": ALL, "low": np.nan, "high": np.nan}
    yield {**known, "interval": "recalibrated", "metric": "factor", "value": factor}
    if not len(test.measured):
        return
    for name, times in (("predicted", 1.0), ("recalibrated", factor)):
        predicted = Distribution(test.predicted.ravel(), times * test.std.ravel())
        value = expected_normalized_calibration_error.metric(test.measured.ravel(), predicted, bins=PARTS)
        yield {**known, "interval": name, "metric": ENCE, "value": value}


def _curve(test: _Windows, factor: float, bootstrap: GroupBootstrap) -> Iterator[dict]:
    """Yield the stds and the errors of bins that are put in order of their std, in parts of equal size."""
    variance, squared = np.square(test.std), np.square(test.measured - test.predicted)
    order = np.argsort(variance, axis=None, kind="stable")
    for number, part in enumerate(np.array_split(order, min(PARTS, len(order)))):
        chosen = np.zeros(variance.size, dtype=bool)
        chosen[part] = True
        chosen = chosen.reshape(variance.shape)
        low, high = np.sqrt(bootstrap.ratio((squared * chosen).sum(axis=(1, 2)), chosen.sum(axis=(1, 2))))
        std = float(np.sqrt(variance[chosen].mean()))
        error = float(np.sqrt(squared[chosen].mean()))
        yield {"bin": number, "std": std, "recalibrated": factor * std, "error": error, "low": low, "high": high}
