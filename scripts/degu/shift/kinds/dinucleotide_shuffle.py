"""Stretches that are shuffled with their dinucleotides kept, up to the whole sequence."""

import numpy as np

from degu.config.values import check_within
from degu.data.dinucleotides import shuffle
from degu.shift.stretches import change_stretches

LEVELS = (0.25, 0.5, 0.75, 1.0)
LEVEL = "share of the sequence that is shuffled"
RANGES = {"level": {"at_least": 0, "at_most": 1}}


def shift(tokens: np.ndarray, rng: np.random.Generator, *, level: float) -> np.ndarray:
    """Return sequences, uint8 (n, L), in which a random stretch is shuffled; the number of each dinucleotide stays.

    Parameters
    ----------
    tokens
        Sequences, uint8 (n, L).
    rng
        Source of draws.
    level
        Length of the stretch as a share of L, from 0 to 1.

    Raises
    ------
    DeguError
        If the level is out of range.
    """
    check_within(level, RANGES["level"], where="level")
    return change_stretches(tokens, level, lambda stretches: shuffle(stretches, 1, rng)[:, 0], rng)
