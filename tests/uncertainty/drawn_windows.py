"""Windows with counts and predictions whose bins depend on each other, in groups, of a model that is wrong."""

from typing import NamedTuple

import numpy as np

BINS, WIDTH, STRANDS, REPLICATES = 3, 2, 2, 3


class Drawn(NamedTuple):
    """Counts (n, T, R, S, P), groups (n,), and heads of n windows."""

    counts: np.ndarray
    group: np.ndarray
    heads: dict[str, np.ndarray]


def drawn_windows(rng: np.random.Generator, groups: int, *, most: int = 3, targets: int = 1, depth: float = 8) -> Drawn:
    """Return windows of exchangeable groups, of which larger ones are predicted worse.

    Parameters
    ----------
    rng, groups
        The generator, and the number of groups.
    most
        The most windows of a group.
    targets
        The number of targets.
    depth
        Expected counts of a replicate at a position, about.
    """
    sizes = rng.integers(1, most + 1, groups)
    group = np.repeat(rng.permutation(groups), sizes)
    rows = len(group)
    shape = (rows, targets, STRANDS, BINS * WIDTH)
    # All positions of a group rise and fall together, and so do their errors.
    shared = np.repeat(rng.normal(size=(groups, targets, 1, 1)), sizes, axis=0)
    rates = depth * np.exp(0.5 * shared + 0.7 * rng.normal(size=shape))
    counts = rng.poisson(np.repeat(rates[:, :, None], REPLICATES, axis=2))
    error = 0.3 * np.repeat(sizes, sizes)[:, None, None, None] * (rng.normal(size=shape) + 0.5 * shared)
    predicted = rates * np.exp(error)
    profile = predicted / predicted.sum(axis=(-2, -1), keepdims=True)
    heads = {
        "mean": np.log1p(REPLICATES * depth * profile[0].size) + 0.2 * rng.normal(size=(rows, targets)),
        "epistemic": rng.uniform(0.05, 0.3, (rows, targets)),
        "profile": profile,
        "profile_epistemic": rng.uniform(0.01, 0.05, (rows, targets, STRANDS, BINS)),
        "profile_aleatoric": rng.uniform(0.005, 0.02, (rows, targets, STRANDS, BINS)),
    }
    return Drawn(counts.astype(np.uint16), group, {head: values.astype(np.float32) for head, values in heads.items()})
