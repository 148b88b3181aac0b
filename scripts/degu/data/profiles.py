"""What counts at each base give: their logarithm, how replicates differ, and how they divide among positions."""

from collections.abc import Sequence

import numpy as np

from degu.data.profile_bins import replicate_share_std
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
            # Where fewer than two replicates have counts, nothing shows that they differ.
            arrays[name] = np.nan_to_num(replicate_share_std(counts, bins))
        else:
            arrays[name] = replicate_log_counts(counts, depths).std(axis=-1, ddof=1)
    return arrays
