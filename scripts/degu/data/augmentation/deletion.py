"""Delete a segment, and add random bases at both ends to keep the length."""

import numpy as np

from degu.data.segments import RANDOM, assemble, check_lengths, draw_lengths

RANGES = {"minimum": {"at_least": 0}, "maximum": {"at_least": "minimum"}}


def augment(tokens: np.ndarray, rng: np.random.Generator, *, minimum: int = 0, maximum: int = 20) -> np.ndarray:
    """Return sequences without a segment of each, (n, L).

    Half of as many random bases, rounded down, come before what is left, and the others behind it. The segment begins
    at any position from 0 to L - `maximum`, whatever its own length, as in EvoAug.

    Parameters
    ----------
    tokens
        Sequences, (n, L).
    rng
        Source of draws.
    minimum, maximum
        The smallest and the largest number of bases that are lost, each number between them being equally likely:
        0 or more, and at most the length of the sequences without their flanks.

    Raises
    ------
    DeguError
        If these numbers are out of range.
    """
    count, length = tokens.shape
    check_lengths(minimum, maximum, length, where="augmentations.deletion")
    lost = draw_lengths(count, minimum, maximum, rng)
    start = rng.integers(0, length - maximum, size=(count, 1), endpoint=True)
    kept = np.arange(length) - lost // 2
    source = np.where(kept < start, kept, kept + lost)
    return assemble(tokens, np.where((kept < 0) | (kept >= length - lost), RANDOM, source), rng)
