"""Counts at each base become targets: log counts of all replicates together, and of each one on the same scale."""

import numpy as np

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
