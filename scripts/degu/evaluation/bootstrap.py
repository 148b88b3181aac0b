"""Bootstrap intervals of scores: how far a score would differ on other test sequences of the same kind.

Rows of one group, such as mutants of one element, are not independent, so groups are drawn in place of rows (Davison
and Hinkley 1997, section 3.8). The intervals are percentiles of the scores of the resamples. They say nothing of how a
score differs between seeds.
"""

from collections.abc import Callable
from functools import cached_property

import numpy as np
from scipy import stats

LEVEL = 0.95
RESAMPLES = 500
# Resamples of fewer groups than this do not show how a score would vary.
_FEWEST_GROUPS = 10
# Resamples are scored together as long as they have this many rows, which bounds the memory.
_ROWS_AT_ONCE = 1_000_000


class GroupBootstrap:
    """Resamples of the groups of rows, which all scores of these rows share.

    Parameters
    ----------
    group
        Group of each row, (n,).
    seed
        Seed of the resamples.
    resamples
        Number of resamples.
    """

    def __init__(self, group: np.ndarray, seed: int, resamples: int = RESAMPLES) -> None:
        groups, self._index = np.unique(group, return_inverse=True)
        self._groups = len(groups)
        self._seed, self._resamples = seed, resamples

    def interval(self, metric: str, predicted: np.ndarray, reference: np.ndarray) -> tuple[float, float]:
        """Return the ends of the 95 % interval of a metric of `WEIGHTED`.

        Parameters
        ----------
        metric
            Name of the metric.
        predicted, reference
            The values that it compares, (n,) each.

        Returns
        -------
        Both ends, NaN if there are fewer than ten groups or if the metric is defined in no resample
        """
        return ends(self.resampled(metric, predicted, reference))

    def resampled(self, metric: str, predicted: np.ndarray, reference: np.ndarray) -> np.ndarray:
        """Return a metric of `WEIGHTED` in each resample, (B,); NaN if there are fewer than ten groups.

        Parameters
        ----------
        metric, predicted, reference
            As for `interval`.
        """
        if self._groups < _FEWEST_GROUPS:
            return np.full(self._resamples, np.nan)
        function = WEIGHTED[metric]
        at_once = max(1, _ROWS_AT_ONCE // len(self._index))
        parts = (self._weights[start : start + at_once] for start in range(0, self._resamples, at_once))
        return np.concatenate([function(predicted, reference, weights.astype(np.float64)) for weights in parts])

    def ratio(self, numerator: np.ndarray, denominator: np.ndarray) -> tuple[float, float]:
        """Return the ends of the 95 % interval of the mean of one quantity divided by that of another, (n,) each.

        Both are of the same rows, which are drawn together. Without ten groups both ends are NaN.
        """
        if self._groups < _FEWEST_GROUPS:
            return float("nan"), float("nan")
        weights = self._weights.astype(np.float64)
        # A resample may have none of the rows that the denominator counts.
        with np.errstate(divide="ignore", invalid="ignore"):
            return ends(weights @ numerator / (weights @ denominator))

    def means(self, values: np.ndarray) -> np.ndarray:
        """Return the mean of a quantity of the rows, (n,), in each resample, (B,); NaN without ten groups."""
        if self._groups < _FEWEST_GROUPS:
            return np.full(self._resamples, np.nan)
        weights = self._weights.astype(np.float64)
        return weights @ values / weights.sum(axis=1)

    def interval_of_mean(self, values: np.ndarray) -> tuple[float, float]:
        """Return the ends of the 95 % interval of the mean of a quantity of the rows, (n,); NaN without ten groups."""
        return ends(self.means(values))

    @cached_property
    def _weights(self) -> np.ndarray:
        """How often each row is drawn in each resample, uint8 (B, n)."""
        rng = np.random.default_rng(self._seed)
        chances = np.full(self._groups, 1 / self._groups)
        draws = (rng.multinomial(self._groups, chances) for _ in range(self._resamples))
        return np.stack([counts.astype(np.uint8)[self._index] for counts in draws])


def independent_ratio(
    numerator: np.ndarray, denominator: np.ndarray, bootstraps: tuple[GroupBootstrap, GroupBootstrap]
) -> tuple[float, float]:
    """Return the ends of the 95 % interval of the mean over one population of rows divided by that over another one.

    Each population is resampled by itself (Efron and Tibshirani 1993, chapter 8).

    Parameters
    ----------
    numerator, denominator
        A quantity of the rows of both populations, (n,) and (m,).
    bootstraps
        Resamples of both populations, from different seeds.

    Returns
    -------
    Both ends, NaN if a population has fewer than ten groups
    """
    above, below = (each.means(values) for each, values in zip(bootstraps, (numerator, denominator), strict=True))
    with np.errstate(divide="ignore", invalid="ignore"):
        return ends(above / below)


def ends(resampled: np.ndarray) -> tuple[float, float]:
    """Return the ends of the 95 % interval of a score, from its resamples, (B,); NaN if it is defined in none."""
    values = resampled[np.isfinite(resampled)]
    if not len(values):
        return float("nan"), float("nan")
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def weighted_mean_squared_error(predicted: np.ndarray, reference: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the mean of the squared differences of values (n,) under each set of weights (B, n), as (B,)."""
    return weights @ np.square(predicted - reference) / weights.sum(axis=1)


def weighted_pearson(predicted: np.ndarray, reference: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return Pearson's correlation of values (n,) under each set of weights (B, n), as (B,); NaN if one is constant."""
    return _correlation(predicted - predicted.mean(), reference - reference.mean(), weights)


def weighted_spearman(predicted: np.ndarray, reference: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the rank correlation of values (n,) under each set of whole weights (B, n), as (B,).

    A weight is the number of times that a row is drawn. Equal values share the mean of their ranks.
    """
    return _correlation(weighted_ranks(predicted, weights), weighted_ranks(reference, weights), weights)


def weighted_auroc(predicted: np.ndarray, reference: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the area under the ROC curve of predictions (n,) against labels (n,), as (B,), for weights (B, n)."""
    positive = weights * (reference == 1)
    ones = positive.sum(axis=1)
    zeros = weights.sum(axis=1) - ones
    above = (positive * weighted_ranks(predicted, weights)).sum(axis=1) - ones * (ones + 1) / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        return above / (ones * zeros)


def weighted_ranks(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the mean rank, from 1, of each value (n,) where each is there as often as its weight says, (B, n)."""
    # Versions of SciPy differ in the type of these ranks.
    level = stats.rankdata(values, method="dense").astype(int) - 1
    order = np.argsort(level, kind="stable")
    starts = np.searchsorted(level[order], np.arange(level.max() + 1))
    number = np.add.reduceat(weights[:, order], starts, axis=1)
    return (np.cumsum(number, axis=1) - (number - 1) / 2)[:, level]


def _correlation(one: np.ndarray, other: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the weighted correlation of values (n,) or (B, n)."""
    total = weights.sum(axis=1)

    def mean(values: np.ndarray) -> np.ndarray:
        return (weights * values).sum(axis=1) / total

    one = one - mean(one)[:, None]
    other = other - mean(other)[:, None]
    variance, other_variance = mean(np.square(one)), mean(np.square(other))
    constant = (variance <= 0) | (other_variance <= 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(constant, np.nan, mean(one * other) / np.sqrt(variance * other_variance))


# The same metrics as in `degu.evaluation.accuracy`, for many weights at once.
WEIGHTED: dict[str, Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]] = {
    "mse": weighted_mean_squared_error,
    "pearson": weighted_pearson,
    "spearman": weighted_spearman,
    "auroc": weighted_auroc,
}
