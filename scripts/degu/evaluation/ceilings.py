"""Ceilings: the highest correlations that predictions can reach, given how reliable the values are that they predict.

A value that is measured several times has a reliability R, the part of its variance over sequences that is no noise.
The best of all predictions correlates with it by the square root of R (Spearman 1904).
"""

from typing import NamedTuple

import numpy as np

from degu.data.correlation import pearson
from degu.data.profile_bins import bin_profile
from degu.data.replicates import replicate_mean_and_std

# Halves are drawn this number of times, and their correlations averaged.
SPLITS = 50
# Reads are given to replicates anew this number of times.
RELABELLINGS = 10


class Ceiling(NamedTuple):
    """How reliable a quantity is.

    Attributes
    ----------
    split_half
        Correlation over sequences of the quantity from one half of its measurements with that from the other half.
    reliability
        The part of the variance that is no noise, for all measurements together.
    highest
        The correlation of a perfect prediction of what is no noise. NaN if there are too few measurements, or if the
        reliability is estimated as 0: it is then so low that these measurements cannot tell it from 0.
    """

    split_half: float
    reliability: float
    highest: float


def epistemic_ceiling(members: np.ndarray, seed: int = 0) -> Ceiling:
    """Return the ceiling of a prediction of the standard deviation over the members of an ensemble.

    It holds for predictions of the expected standard deviation over members of this kind. A student that is distilled
    from these very members can follow their peculiarities and go beyond.

    The reliability of the standard deviation over a half is stepped up to that over all members by the Spearman-Brown
    formula. The variance of a standard deviation falls with its degrees of freedom, one less than its members, and so
    the factor of the formula is the ratio of these: 9 to 4 for halves of ten members, in place of 2.

    Parameters
    ----------
    members
        Predictions of M members, (M, n). With an odd M one member is left out of each pair of halves.
    seed
        Seed of the halves.

    Returns
    -------
    Ceiling, all NaN if there are fewer than four members
    """
    half = len(members) // 2
    if half < 2:
        return Ceiling(np.nan, np.nan, np.nan)
    rng = np.random.default_rng(seed)
    orders = [rng.permutation(len(members)) for _ in range(SPLITS)]
    pairs = [(members[order[:half]].std(axis=0), members[order[half : 2 * half]].std(axis=0)) for order in orders]
    return _ceiling(float(np.mean([_correlation(*pair) for pair in pairs])), (len(members) - 1) / (half - 1))


def activity_ceiling(replicates: np.ndarray) -> Ceiling:
    """Return the ceiling of a prediction of the mean over replicates.

    Parameters
    ----------
    replicates
        Measurements of each replicate, (n, R), NaN where one is absent. `split_half` is the mean correlation of two
        replicates, each over the sequences that both have, and is stepped up to the mean number of replicates.

    Returns
    -------
    Ceiling, all NaN if there is one replicate
    """
    present = np.isfinite(replicates)
    columns = range(replicates.shape[1])
    pairs = [(i, j, present[:, i] & present[:, j]) for i in columns for j in columns if i < j]
    correlations = [_correlation(replicates[both, i], replicates[both, j]) for i, j, both in pairs if both.sum() > 2]
    if not correlations:
        return Ceiling(np.nan, np.nan, np.nan)
    return _ceiling(float(np.mean(correlations)), float(present.sum(axis=1).mean()))


def share_std_ceiling(counts: np.ndarray, bins: int, seed: int = 0) -> Ceiling:
    """Return the ceiling of a prediction of the std over replicates of the share of the counts in a bin.

    Halves of two or three replicates have no standard deviation, and a formula for normal values is far too high where
    bins have few counts. So the part of noise is computed from how counts arise. Given how many reads all replicates
    together have in a bin, chance decides which replicate each read belongs to (a hypergeometric distribution). The
    variance of the standard deviation over such draws is one part of its noise. The other part is that of the number of
    reads in the bin. With h the mean of the standard deviation over the draws, and Y reads of N in the region, it is at
    most the mean of Y (1 - Y / N) (h(Y) - h(Y - 1))^2, by the inequality of Efron and Stein (1981). Both are multiplied
    by how much larger the measured squared standard deviations are than those of the draws, since replicates that
    differ by more than chance have more noise in proportion.

    The depths of replicates in each region are taken as known. In simulations with a known truth, of which the tests
    hold some, ceilings were within 0.05 of the highest correlation for three replicates or more and at least 20 counts
    a region. They were up to 0.1 too low for two replicates, and up to 0.1 too high for ten counts a region.

    Parameters
    ----------
    counts
        Counts of each replicate, (n, R, S, P).
    bins
        The number of bins, which divides P.
    seed
        Seed of the draws.

    Returns
    -------
    Ceiling whose `split_half` is NaN; all NaN if there is one replicate, or no region with counts in two
    """
    in_bins = bin_profile(counts.astype(np.int64), bins).reshape(*counts.shape[:2], -1)
    measured = _std_of_shares(in_bins, in_bins.sum(axis=2))
    there = np.isfinite(measured)
    if not there.any():
        return Ceiling(np.nan, np.nan, np.nan)
    rng = np.random.default_rng(seed)
    draws = [_relabelled(in_bins, rng) for _ in range(RELABELLINGS)]
    stds, steps = (np.array(values)[:, there] for values in zip(*draws, strict=True))
    reads = in_bins.sum(axis=1, dtype=np.float64)
    others = 1 - reads / np.maximum(reads.sum(axis=1, keepdims=True), 1)
    # The square of a mean over draws exceeds that of the expectation by the variance of the mean.
    squared_step = np.square(steps.mean(axis=0)) - steps.var(axis=0, ddof=1) / RELABELLINGS
    noise = np.mean(stds.var(axis=0, ddof=1) + (reads * others)[there] * squared_step)
    excess = np.mean(np.square(measured[there])) / max(np.mean(np.square(stds)), np.finfo(float).tiny)
    variance = max(np.var(measured[there]), np.finfo(float).tiny)
    reliability = float(np.clip(1 - excess * noise / variance, 0, 1))
    return Ceiling(np.nan, reliability, _highest(reliability))


def _relabelled(counts: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Give the reads of each bin to replicates anew, which keep their depths in the region.

    Parameters
    ----------
    counts
        Counts in each bin, int64 (n, R, B).
    rng
        The generator.

    Returns
    -------
    The std over replicates of the shares of each bin, (n, B), and by how much it changes when one of the reads of the
    bin is taken away; 0 where there is none
    """
    depths = counts.sum(axis=2)
    reads = counts.sum(axis=1)
    left, others = reads, np.broadcast_to(depths.sum(axis=1, keepdims=True), reads.shape)
    drawn = np.empty_like(counts)
    for replicate in range(counts.shape[1]):
        own = depths[:, replicate, None]
        others = others - own
        drawn[:, replicate] = rng.hypergeometric(own, others, left)
        left = left - drawn[:, replicate]
    # A read by its number belongs to the first replicate up to which there are more reads.
    number = rng.integers(0, np.maximum(reads, 1))
    taken = np.diff(np.cumsum(drawn, axis=1) > number[:, None], axis=1, prepend=False)
    std = _std_of_shares(drawn, depths)
    return std, std - _std_of_shares(drawn - taken, depths)


def _std_of_shares(counts: np.ndarray, depths: np.ndarray) -> np.ndarray:
    """Return the std over replicates, (n, B), of their shares in each bin, from counts (n, R, B) and depths (n, R)."""
    known = np.where(depths > 0, depths, np.nan)[:, :, None]
    return replicate_mean_and_std((counts / known)[:, None])[1][:, 0]


def _ceiling(split_half: float, factor: float) -> Ceiling:
    """Step a correlation up by the Spearman-Brown formula; one below 0 is that of quantities of noise alone."""
    positive = max(split_half, 0.0)
    reliability = factor * positive / (1 + (factor - 1) * positive)
    return Ceiling(split_half, reliability, _highest(reliability))


def _highest(reliability: float) -> float:
    """Return the square root of a reliability, or NaN for one of 0, which stands for estimates below 0, too."""
    return float(np.sqrt(reliability)) if reliability > 0 else np.nan


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Return Pearson's correlation, or 0 if a quantity does not vary."""
    return float(np.nan_to_num(pearson(one, other)))
