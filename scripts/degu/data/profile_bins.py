"""Shares of counts: how the counts of a region are spread over its positions, or over bins of them."""

import numpy as np

from degu.errors import DeguError


def shares(counts: np.ndarray) -> np.ndarray:
    """Return the share of each strand and position of the counts of both together, float64 (..., S, P).

    Shares sum to 1. Where there is no count, they are NaN.

    Parameters
    ----------
    counts
        Counts or probabilities, 0 or more, (..., S, P).
    """
    total = counts.sum(axis=(-2, -1), keepdims=True, dtype=np.float64)
    return np.divide(counts, total, out=np.full(counts.shape, np.nan), where=total > 0)


def bin_profile(values: np.ndarray, bins: int) -> np.ndarray:
    """Return the sums of neighbouring positions, (..., B), of values at P positions, (..., P).

    Raises
    ------
    DeguError
        If the positions cannot be divided into this number of bins of the same width.
    """
    positions = values.shape[-1]
    if bins < 1 or positions % bins:
        raise DeguError(
            f"{positions:,} positions in {bins:,} bins",
            expected=f"a number of bins that divides {positions:,}, so that all are of one width",
        )
    return values.reshape(*values.shape[:-1], bins, positions // bins).sum(axis=-1)


def replicate_share_std(counts: np.ndarray, bins: int) -> np.ndarray:
    """Return the std over replicates of the share of the counts in each bin, ddof 1, float64 (N, T, S, B).

    The shares of a replicate sum to 1 over strands and bins, so that its depth does not matter. A replicate without
    any count in a region has no shares there, and is left out. Where fewer than two replicates are left, the std is
    NaN. A bin without counts has the share 0, like any other number. The fewer counts there are, the more the shares
    differ by chance alone, and the std includes that.

    Parameters
    ----------
    counts
        Counts of each replicate, (N, T, R, S, P).
    bins
        The number B of bins, which divides P.

    Raises
    ------
    DeguError
        If it does not.
    """
    # It needs pandas, and what commands do with bins has to start without.
    from degu.data.replicates import replicate_mean_and_std

    return replicate_mean_and_std(shares(bin_profile(counts, bins)))[1]
