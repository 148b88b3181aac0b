"""Calibrated standard deviations and conformal intervals of the counts in the bins of profiles, and of their shares.

Both are of all replicates together. They are fitted on the regions of the calibration split, of which only the results
are kept. Bins of one region depend on each other, and so do windows that overlap, which share a group. Groups are
exchangeable, and nothing else is assumed to be. Every group of windows therefore has the same weight, of which each
window of the group has an equal part, and each bin an equal part of that (Lee, Barber and Willett 2023,
"Distribution-free inference with hierarchical data"). The score is |measured - predicted| / std. There are two forms:

- *by bin*: the bound is the weighted quantile of the scores of all bins. Each bin of a window of a new group lies
  within its interval with at least the probability of the level, on average over its bins;
- *simultaneous*: the score of a window is the greatest of its bins. All bins of a window of a new group lie within
  their intervals at once, with at least the probability of the level.

Either probability is an average over windows, new groups and calibration splits. Where no windows overlap, both are
split conformal prediction with windows as rows.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from degu.data.profile_bins import bin_profile, shares
from degu.errors import DeguError, did_you_mean
from degu.uncertainty.bin_stds import (
    Predicted,
    counts_std,
    expected_shares,
    expected_total,
    log_count_std,
    number_of_bins,
    share_std,
)
from degu.uncertainty.rows import FLOOR, weighted_bounds

# What is calibrated, in the order of the arrays: the share of a bin of the counts of its window, and its counts.
QUANTITIES = ("share", "counts")
# Bounds are kept for these levels; another one takes the next one above.
LEVELS = np.arange(1, 1000) / 1000
# A level of 0.9 is to be the 900th of these, whatever is lost in its last digits.
_ROUNDING = 1e-6


@dataclass(frozen=True)
class ProfileCalibration:
    """What makes predicted standard deviations of bins calibrated, and intervals cover.

    Attributes
    ----------
    replicates
        The number R of replicates, whose counts together are predicted.
    regions
        The number of windows of the calibration split.
    floor
        The least standard deviation of a share, (T,). It follows from windows of another split, so that it depends on
        none that it is used for.
    factors
        The factor on the standard deviation of each of `QUANTITIES` that makes the calibration windows most likely,
        (T, 2).
    bounds
        The greatest score of an interval for each of `QUANTITIES`, by bin and simultaneous, at each of `LEVELS`,
        (T, 2, 2, 999); infinite where there are too few windows.
    """

    replicates: int
    regions: int
    floor: np.ndarray
    factors: np.ndarray
    bounds: np.ndarray

    @classmethod
    def of_predictions(
        cls, counts: np.ndarray, group: np.ndarray, heads: Predicted, others: Predicted
    ) -> "ProfileCalibration":
        """Return the calibration of a model that predicts profiles.

        Parameters
        ----------
        counts, group
            Counts of each replicate, (n, T, R, S, P), and the group, (n,), of each window of the calibration split.
        heads
            Predicted heads of these windows: `mean`, `profile`, and one or both of the standard deviations of shares.
        others
            Predicted heads of windows of another split, which the floor follows from.
        """
        targets, replicates = counts.shape[1:3]
        floor = FLOOR * np.median(share_std(others, replicates), axis=(0, 2, 3))
        factors, bounds = np.ones((targets, 2)), np.full((targets, 2, 2, len(LEVELS)), np.inf)
        calibration = cls(replicates, len(counts), floor, factors, bounds)
        for number, quantity in enumerate(QUANTITIES):
            measured, predicted = measured_in_bins(counts, heads, quantity), predicted_in_bins(heads, quantity)
            std = calibration.std(heads, quantity)
            for target in range(targets):
                own = (measured[:, target], predicted[:, target], std[:, target])
                factors[target, number] = _factor(*own)
                scores = scores_of(*own)
                for form, simultaneous in enumerate((False, True)):
                    bounds[target, number, form] = bounds_of(scores, group, LEVELS, simultaneous=simultaneous)
        return calibration

    def std(self, heads: Predicted, quantity: str, *, calibrated: bool = False) -> np.ndarray:
        """Return the std of what is measured in each bin about the prediction, float64 (N, T, S, B).

        Parameters
        ----------
        heads
            Predicted heads.
        quantity
            One of `QUANTITIES`.
        calibrated
            Whether it is multiplied by the factor of the calibration split.
        """
        number = _number_of(quantity)
        std = np.maximum(share_std(heads, self.replicates), self.floor[:, None, None])
        if quantity == "counts":
            std = counts_std(heads, std, log_count_std(heads, self.replicates))
        return std * self.factors[:, number, None, None] if calibrated else std

    def intervals(
        self, heads: Predicted, level: float, quantity: str = "share", *, simultaneous: bool = False
    ) -> np.ndarray:
        """Return conformal intervals for what is measured in each bin.

        Parameters
        ----------
        heads
            Predicted heads.
        level
            Probability that an interval holds what is measured, or that all intervals of a window do, between 0 and 1.
        quantity
            One of `QUANTITIES`.
        simultaneous
            Whether intervals hold all bins of a window at once.

        Returns
        -------
        Lower and upper ends, float64 (N, T, S, B, 2), within what is possible: 0 or more, and shares at most 1

        Raises
        ------
        DeguError
            If the level is no probability, or higher than the number of windows supports.
        """
        number, place = _number_of(quantity), self.check(level, simultaneous=simultaneous)
        bound = self.bounds[:, number, int(simultaneous), place]
        half = bound[:, None, None] * self.std(heads, quantity)
        return interval_about(predicted_in_bins(heads, quantity), half, quantity)

    def check(self, level: float, *, simultaneous: bool = False) -> int:
        """Return the place among `LEVELS` of the bounds of a level, or raise a DeguError as `intervals` says."""
        if not 0 < level < 1:
            raise DeguError(f"the level {level:g}", expected="a number between 0 and 1, such as 0.9")
        place = math.ceil(level * (len(LEVELS) + 1) - _ROUNDING) - 1
        known = np.isfinite(self.bounds[:, :, int(simultaneous)]).all(axis=(0, 1))
        if place >= len(LEVELS) or not known[place]:
            raise DeguError(
                f"{self.regions} calibration windows are too few for intervals of profiles of the level {level:g}",
                expected=f"a level of at most {LEVELS[known].max():g}" if known.any() else None,
                remedy="choose a lower level, or train with more calibration windows",
            )
        return place

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Return arrays by name that `from_arrays` reads."""
        numbers = np.array([self.replicates, self.regions])
        return {"numbers": numbers, "floor": self.floor, "factors": self.factors, "bounds": self.bounds}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "ProfileCalibration":
        """Return the calibration that `to_arrays` wrote."""
        replicates, regions = arrays["numbers"].tolist()
        return cls(replicates, regions, arrays["floor"], arrays["factors"], arrays["bounds"])


def measured_in_bins(counts: np.ndarray, heads: Predicted, quantity: str) -> np.ndarray:
    """Return what all replicates together have in each bin, float64 (N, T, S, B); shares of no count are NaN.

    Parameters
    ----------
    counts
        Counts of each replicate, (N, T, R, S, P).
    heads
        Predicted heads, which tell the number of bins.
    quantity
        One of `QUANTITIES`.
    """
    together = bin_profile(counts.sum(axis=2, dtype=np.float64), number_of_bins(heads))
    return shares(together) if quantity == "share" else together


def predicted_in_bins(heads: Predicted, quantity: str) -> np.ndarray:
    """Return the predicted share of each bin, or its expected counts, float64 (N, T, S, B)."""
    predicted = expected_shares(heads)
    return predicted if quantity == "share" else predicted * expected_total(heads)


def interval_about(predicted: np.ndarray, half: np.ndarray, quantity: str) -> np.ndarray:
    """Return both ends, (..., 2), of intervals about predictions, cut off at 0, and at 1 if they are shares."""
    ends = np.stack([predicted - half, predicted + half], axis=-1)
    return np.clip(ends, 0, 1 if quantity == "share" else None)


def scores_of(measured: np.ndarray, predicted: np.ndarray, std: np.ndarray) -> np.ndarray:
    """Return |measured - predicted| / std; an error where the std is 0 is infinite, and NaN stays."""
    error = np.abs(measured - predicted)
    return np.divide(error, std, out=np.where(error > 0, np.inf, error), where=std > 0)


def bounds_of(scores: np.ndarray, group: np.ndarray, levels: np.ndarray | float, *, simultaneous: bool) -> np.ndarray:
    """Return the bounds of conformal intervals for a window of a new group, in the shape of the levels.

    Parameters
    ----------
    scores
        Scores of the bins of each calibration window, (n, S, B). Windows whose scores are NaN are left out.
    group
        The group of each window, (n,).
    levels
        Nominal coverages, of any shape.
    simultaneous
        Whether a window is covered when all of its bins are.
    """
    there = ~np.isnan(scores).any(axis=(1, 2))
    known = scores[there].reshape(there.sum(), scores[0].size)
    if simultaneous:
        known = known.max(axis=1, keepdims=True)
    bins = known.shape[1]
    weights = np.repeat(group_weights(group[there]) / bins, bins)
    if not len(known):
        return np.full(np.shape(levels), np.inf)
    # A new group has the weight of any other.
    return weighted_bounds(known.ravel(), weights, 1.0, levels)


def group_weights(group: np.ndarray) -> np.ndarray:
    """Return weights of rows, (n,), by which each group has the weight 1, and all rows of it equal parts."""
    _, index, number = np.unique(group, return_inverse=True, return_counts=True)
    return 1 / number[index]


def _number_of(quantity: str) -> int:
    if quantity not in QUANTITIES:
        raise DeguError(f"unknown quantity '{quantity}'", expected=did_you_mean(quantity, QUANTITIES))
    return QUANTITIES.index(quantity)


def _factor(measured: np.ndarray, predicted: np.ndarray, std: np.ndarray) -> float:
    """Return the factor on the std that makes the measured values most likely, or 1 if there are none."""
    # These libraries are not needed where a calibration is read, which is to be quick.
    from degu.uncertainty.distributions import Distribution
    from degu.uncertainty.recalibration import scale_std

    there = np.isfinite(measured)
    return scale_std(measured[there], Distribution(predicted[there], std[there])) if there.any() else 1.0
