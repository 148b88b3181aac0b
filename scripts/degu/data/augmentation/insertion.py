"""Insert random bases, and trim the sequence at both ends to keep its length."""

import numpy as np

from degu.data.segments import RANDOM, assemble, check_lengths, draw_lengths

RANGES = {"minimum": {"at_least": 0}, "maximum": {"at_least": "minimum"}}


def augment(tokens: np.ndarray, rng: np.random.Generator, *, minimum: int = 0, maximum: int = 20) -> np.ndarray:
    """Return sequences with a random segment put into each, (n, L).

    The segment is put before any of the L bases, each equally likely. As many bases as were put in are then trimmed:
    half of them, rounded down, from the beginning, and the others from the end, as in EvoAug2. So a segment near an end
    may lose bases of its own.

    Parameters
    ----------
    tokens
        Sequences, (n, L).
    rng
        Source of draws.
    minimum, maximum
        The smallest and the largest number of bases that are put in, each number between them being equally likely:
        0 or more, and at most the length of the sequences without their flanks.

    Raises
    ------
    DeguError
        If these numbers are out of range.
    """
    count, length = tokens.shape
    check_lengths(minimum, maximum, length, where="augmentations.insertion")
    added = draw_lengths(count, minimum, maximum, rng)
    start = rng.integers(0, length, size=(count, 1))
    place = np.arange(length) + added // 2
    source = np.where(place < start, place, place - added)
    return assemble(tokens, np.where((place >= start) & (place < start + added), RANDOM, source), rng)
