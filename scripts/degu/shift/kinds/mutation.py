"""Substitutions at random positions, up to every base."""

import numpy as np

from degu.config.values import check_within
from degu.data.sequences import N_TOKEN

LEVELS = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 1.0)
LEVEL = "share of bases that are changed"
RANGES = {"level": {"at_least": 0, "at_most": 1}}


def shift(tokens: np.ndarray, rng: np.random.Generator, *, level: float) -> np.ndarray:
    """Return sequences, uint8 (n, L), in which a share of the bases is replaced by other bases.

    Just `level` times L positions, rounded, are drawn in each sequence, and each base there becomes one of the three
    others. An N stays.

    Parameters
    ----------
    tokens
        Sequences, uint8 (n, L).
    rng
        Source of draws.
    level
        Share of the positions, from 0 to 1.

    Raises
    ------
    DeguError
        If the level is out of range.
    """
    check_within(level, RANGES["level"], where="level")
    ranks = rng.random(tokens.shape).argsort(axis=1).argsort(axis=1)
    other = (tokens + rng.integers(1, 4, size=tokens.shape)) % 4
    chosen = (ranks < round(level * tokens.shape[1])) & (tokens != N_TOKEN)
    return np.where(chosen, other, tokens).astype(np.uint8)
