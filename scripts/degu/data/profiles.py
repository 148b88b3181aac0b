"""What counts at each base give: their logarithm, how replicates differ, and how they divide among positions."""

from collections.abc import Sequence

import numpy as np

from degu.data.store import SequenceStore

UNIT = "log(1 + counts)"


def log_counts(counts: np.ndarray) -> np.ndarray:
    """Return log(1 + N) of the counts N of replicates, strands and positions together, natural log, (..., T).

    Parameters
    ----------
    counts
        (..., T, R, S, P): for each target and replicate the counts on each strand at each position.
    """
    return np.log1p(counts.sum(axis=(-3, -2, -1), dtype=np.float64))


def replicate_log_counts(counts: np.ndarray, depths: np.ndarray) -> np.ndarray:
    """Return log counts of each replicate on the scale of `log_counts`, (..., T, R).

    Replicate r with n counts has log(1 + R n mean(depth) / depth of r): what all replicates together would have had if
    they were R replicates like this one, of their mean depth.

    Parameters
    ----------
    counts
        (..., T, R, S, P).
    depths
        (T, R): the total counts of each replicate over the regions, above 0.
    """
    own = counts.sum(axis=(-2, -1), dtype=np.float64)
    return np.log1p(own * (depths.shape[-1] * depths.mean(axis=-1, keepdims=True) / depths))


def reverse_complement_counts(counts: np.ndarray) -> np.ndarray:
    """Return the counts of the reverse complement: positions reversed and strands swapped, (..., S, P).

    Parameters
    ----------
    counts
        (..., S, P), forward and reverse strand, or one strand alone.
    """
    return counts[..., ::-1, ::-1]


def bin_profile(values: np.ndarray, bins: int) -> np.ndarray:
    """Return the sums of values (..., P) over bins of equal width, (..., B); B divides P."""
    return values.reshape(*values.shape[:-1], bins, -1).sum(axis=-1)


def replicate_shares(counts: np.ndarray, bins: int) -> np.ndarray:
    """Return the part of the counts of each replicate in each bin, float64 (..., T, R, S, B); NaN without any count.

    Parameters
    ----------
    counts
        Counts at each position, (..., T, R, S, P).
    bins
        Number B of bins of each strand, which divides P.
    """
    binned = bin_profile(counts.astype(np.float64), bins)
    total = binned.sum(axis=(-2, -1), keepdims=True)
    with np.errstate(invalid="ignore"):
        return np.where(total > 0, binned / total, np.nan)


def std_over_replicates(shares: np.ndarray) -> np.ndarray:
    """Return the standard deviation (ddof=1) over replicates of parts, (..., T, R, S, B), as (..., T, S, B).

    A replicate without counts has no parts, and is left out. Where fewer than two are left, nothing says how far
    replicates differ, and the value is 0.
    """
    known = np.isfinite(shares)
    number = known.sum(axis=-3)
    mean = np.where(known, shares, 0).sum(axis=-3) / np.maximum(number, 1)
    squares = np.square(np.where(known, shares - mean[..., None, :, :], 0)).sum(axis=-3)
    return np.sqrt(squares / np.maximum(number - 1, 1))


def depths_of(store: SequenceStore) -> np.ndarray:
    """Return the depth of each replicate of a data set, float64 (T, R)."""
    return np.array([store.attributes["depths"][name] for name in store.target_names], dtype=np.float64)


def window_measurements(
    counts: np.ndarray, depths: np.ndarray, names: Sequence[str], *, bins: int
) -> dict[str, np.ndarray]:
    """Return the named arrays of `degu.distillation.targets` that counts give for models trained on measurements.

    Parameters
    ----------
    counts
        Counts of a number of windows, (B, T, R, S, P).
    depths
        Depth of each replicate, (T, R).
    names
        Names of the arrays.
    bins
        Number of bins of profiles.
    """
    arrays: dict[str, np.ndarray] = {}
    for name in names:
        if name in ("mean", "measured"):
            arrays[name] = log_counts(counts)
        elif name == "profile":
            arrays[name] = counts.sum(axis=2, dtype=np.float32)
        elif name == "profile_aleatoric":
            arrays[name] = std_over_replicates(replicate_shares(counts, bins))
        else:
            arrays[name] = replicate_log_counts(counts, depths).std(axis=-1, ddof=1)
    return arrays
