"""Ceilings: the highest correlations that predictions can reach, given how reliable the values are that they predict.

A value that is measured several times has a reliability R, the part of its variance over sequences that is no noise.
The best of all predictions correlates with it by the square root of R (Spearman 1904).
"""

from typing import NamedTuple

import numpy as np

from degu.data.correlation import pearson

# Halves are drawn this number of times, and their correlations averaged.
SPLITS = 50


class Ceiling(NamedTuple):
    """How reliable a quantity is.

    Attributes
    ----------
    split_half
        Correlation over sequences of the quantity from one half of its measurements with that from the other half.
    reliability
        The part of the variance that is no noise, for all measurements together.
    highest
        The correlation of a perfect prediction of what is no noise; 0 if the halves do not agree, NaN if there are too
        few.
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


def _ceiling(split_half: float, factor: float) -> Ceiling:
    """Step a correlation up by the Spearman-Brown formula; one below 0 is that of quantities of noise alone."""
    positive = max(split_half, 0.0)
    reliability = factor * positive / (1 + (factor - 1) * positive)
    return Ceiling(split_half, reliability, float(np.sqrt(reliability)))


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Return Pearson's correlation, or 0 if a quantity does not vary."""
    return float(np.nan_to_num(pearson(one, other)))
