"""Scores of predicted profiles: how near they are to the counts, and to what the counts of another experiment are.

Profiles have the shape (N, T, S, P) for N regions, T targets, S strands and P positions. Counts and probabilities are
both allowed: each score looks at their shares, which sum to 1 over strands and positions together. A region without
counts has no profile, and its scores are NaN.
"""

from collections.abc import Callable

import numpy as np
from scipy.special import rel_entr, xlogy

from degu.data.profile_bins import shares

# The number of values that are held in double precision at a time.
_VALUES = 2**22


def jensen_shannon_distance(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the Jensen-Shannon distance between profiles, (N, T).

    It is the square root of the divergence in natural logarithms, as SciPy and ChromBPNet have it: 0 for equal
    profiles, and sqrt(log 2), which is 0.83, for those that have no position in common.

    Parameters
    ----------
    first, second
        Profiles, (N, T, S, P), or (T, S, P) if they are the same for all regions.
    """

    def distance(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        p, q = shares(one), shares(other)
        middle = (p + q) / 2
        divergence = (rel_entr(p, middle) + rel_entr(q, middle)).sum(axis=(-2, -1)) / 2
        return np.sqrt(np.maximum(divergence, 0))

    return _in_blocks(distance, first, second)


def distance_to_uniform(counts: np.ndarray) -> np.ndarray:
    """Return the Jensen-Shannon distance of profiles from one in which all positions have the same share, (N, T)."""
    return jensen_shannon_distance(counts, np.ones(counts.shape[1:]))


def distance_to_shuffled(counts: np.ndarray, seed: int) -> np.ndarray:
    """Return the Jensen-Shannon distance of profiles from their own shuffles, (N, T).

    The positions of each strand are shuffled, so that a strand keeps its share of the counts.
    """
    rng = np.random.default_rng(seed)
    return _in_blocks(lambda block: jensen_shannon_distance(block, rng.permuted(block, axis=-1)), counts)


def mean_profile(counts: np.ndarray) -> np.ndarray:
    """Return the mean of the shares of all regions that have counts, (T, S, P); NaN for a target without any.

    Each region counts alike, however many counts it has. This is what can be predicted without the sequence.
    """
    total, number = np.zeros(counts.shape[1:]), np.zeros((counts.shape[1], 1, 1))
    for rows in _blocks(counts.shape):
        known = shares(counts[rows])
        there = np.isfinite(known)
        total += np.where(there, known, 0).sum(axis=0)
        number += there[..., :1, :1].sum(axis=0)
    return np.divide(total, number, out=np.full(total.shape, np.nan), where=number > 0)


def distance_to_other_replicates(counts: np.ndarray) -> np.ndarray:
    """Return the Jensen-Shannon distance of each replicate from all others together, (N, T, R).

    This is how near to one replicate a prediction can be expected to come that knows as much as the others do. A
    prediction that is to be compared with it has to be scored against single replicates as well.

    Parameters
    ----------
    counts
        Counts of each of two or more replicates, (N, T, R, S, P).
    """

    def distance(block: np.ndarray) -> np.ndarray:
        others = block.sum(axis=2, keepdims=True, dtype=np.int64) - block
        return jensen_shannon_distance(block, others)

    return _in_blocks(distance, counts)


def distance_between_replicates(counts: np.ndarray) -> np.ndarray:
    """Return the Jensen-Shannon distance between each two replicates, (N, T, R (R - 1) / 2).

    Parameters
    ----------
    counts
        Counts of each of two or more replicates, (N, T, R, S, P). The pairs are (0, 1), (0, 2) and so on.
    """
    first, second = np.triu_indices(counts.shape[2], 1)
    pairs = [
        jensen_shannon_distance(counts[:, :, one], counts[:, :, other])
        for one, other in zip(first, second, strict=True)
    ]
    return np.stack(pairs, axis=2)


def normalised_distance(distance: np.ndarray, of_uniform: np.ndarray) -> np.ndarray:
    """Return how far distances are below those of the uniform profile, from 0 to 1.

    This is the min-max normalised Jensen-Shannon distance of ChromBPNet: 1 less the distance divided by that of the
    uniform profile, or 0 where this is negative. Unlike the distance it is better the higher it is. It is 1 for the
    counts themselves, 0 for a profile that is no better than the uniform one, and NaN where the counts are uniform.

    Parameters
    ----------
    distance
        Distances from the counts, of any shape.
    of_uniform
        `distance_to_uniform` of the same counts.
    """
    known = np.divide(distance, of_uniform, out=np.full(np.shape(distance), np.nan), where=of_uniform > 0)
    return np.clip(1 - known, 0, 1)


def bits_per_count(predicted: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return how much better than the uniform profile a prediction explains the counts, in bits per count, (N, T).

    It is the difference of the multinomial log-likelihoods, to base 2, divided by the number of counts. It is 0 for the
    uniform profile, and minus infinity if there are counts where the prediction is 0.
    """

    def bits(prediction: np.ndarray, observed: np.ndarray) -> np.ndarray:
        prediction, observed = shares(prediction), shares(observed)
        uniform = np.log(prediction[0, 0].size)
        return (xlogy(observed, prediction).sum(axis=(-2, -1)) + uniform) / np.log(2)

    return _in_blocks(bits, predicted, counts)


def profile_correlation(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return Pearson's correlation of profiles over strands and positions, (N, T); NaN where one is constant."""

    def correlation(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        p, q = (_centred(shares(profile)) for profile in (one, other))
        norms = np.sqrt(np.square(p).sum(axis=(-2, -1)) * np.square(q).sum(axis=(-2, -1)))
        covariance = (p * q).sum(axis=(-2, -1))
        varied = (np.ptp(one, axis=(-2, -1)) > 0) & (np.ptp(other, axis=(-2, -1)) > 0)
        return np.divide(covariance, norms, out=np.full(norms.shape, np.nan), where=varied)

    return _in_blocks(correlation, first, second)


def _centred(values: np.ndarray) -> np.ndarray:
    return values - values.mean(axis=(-2, -1), keepdims=True)


def _in_blocks(function: Callable[..., np.ndarray], *arrays: np.ndarray) -> np.ndarray:
    """Return what a function makes of arrays that broadcast with each other, from a block of regions at a time."""
    together = np.broadcast_arrays(*arrays)
    return np.concatenate([function(*(array[rows] for array in together)) for rows in _blocks(together[0].shape)])


def _blocks(shape: tuple[int, ...]) -> list[slice]:
    """Return slices of the first axis that hold about `_VALUES` values each."""
    length = max(1, _VALUES // max(1, int(np.prod(shape[1:]))))
    return [slice(start, start + length) for start in range(0, max(1, shape[0]), length)]
