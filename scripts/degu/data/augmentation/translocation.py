"""Shift the whole sequence; bases that leave it at one end come back at the other."""

import numpy as np

from degu.data.segments import check_lengths, draw_lengths

RANGES = {"minimum": {"at_least": 0}, "maximum": {"at_least": "minimum"}}


def augment(tokens: np.ndarray, rng: np.random.Generator, *, minimum: int = 0, maximum: int = 20) -> np.ndarray:
    """Return sequences that are shifted to the right or to the left, each equally likely, (n, L).

    Parameters
    ----------
    tokens
        Sequences, (n, L).
    rng
        Source of draws.
    minimum, maximum
        The smallest and the largest number of bases by which a sequence is shifted, each number between them being
        equally likely: 0 or more, and at most the length of the sequences without their flanks.

    Raises
    ------
    DeguError
        If these numbers are out of range.
    """
    count, length = tokens.shape
    check_lengths(minimum, maximum, length, where="augmentations.translocation")
    shift = draw_lengths(count, minimum, maximum, rng) * rng.choice([-1, 1], size=(count, 1))
    return np.take_along_axis(tokens, (np.arange(length) - shift) % length, axis=1)
