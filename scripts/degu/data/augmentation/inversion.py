"""Put the reverse complement of a segment in its place."""

import numpy as np

from degu.data.segments import check_lengths, draw_lengths

_COMPLEMENT = np.array([3, 2, 1, 0, 4])
RANGES = {"minimum": {"at_least": 0}, "maximum": {"at_least": "minimum"}}


def augment(tokens: np.ndarray, rng: np.random.Generator, *, minimum: int = 0, maximum: int = 20) -> np.ndarray:
    """Return sequences of which a segment is its own reverse complement, (n, L).

    The segment begins at any position from 0 to L - `maximum`, whatever its own length, as in EvoAug. N stays N.

    Parameters
    ----------
    tokens
        Sequences, (n, L).
    rng
        Source of draws.
    minimum, maximum
        The smallest and the largest number of bases that are inverted, each number between them being equally likely:
        0 or more, and at most the length of the sequences without their flanks.

    Raises
    ------
    DeguError
        If these numbers are out of range.
    """
    count, length = tokens.shape
    check_lengths(minimum, maximum, length, where="augmentations.inversion")
    inverted = draw_lengths(count, minimum, maximum, rng)
    start = rng.integers(0, length - maximum, size=(count, 1), endpoint=True)
    position = np.arange(length)
    within = (position >= start) & (position < start + inverted)
    source = np.where(within, 2 * start + inverted - 1 - position, position)
    moved = np.take_along_axis(tokens, source, axis=1)
    return np.where(within, _COMPLEMENT.astype(tokens.dtype)[moved], moved)
