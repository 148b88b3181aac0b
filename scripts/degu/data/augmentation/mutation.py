"""Draw the bases at random positions anew."""

import numpy as np

from degu.config.values import check_within
from degu.data.segments import random_bases
from degu.data.sequences import N_TOKEN

# A base that is drawn anew is another one three times out of four.
_CHANGED = 0.75
RANGES = {"fraction": {"at_least": 0, "at_most": 0.75}}


def augment(tokens: np.ndarray, rng: np.random.Generator, *, fraction: float = 0.05) -> np.ndarray:
    """Return sequences in which bases are drawn anew, (n, L).

    In every sequence the same number of positions is drawn, which is `fraction` / 0.75 of L, rounded. Each of them gets
    one of A, C, G and T, and keeps its base a quarter of the time. Where the
    position of an N is drawn, it stays N; in EvoAug it becomes a base.

    Parameters
    ----------
    tokens
        Sequences, (n, L).
    rng
        Source of draws.
    fraction
        The fraction of bases that change on average, from 0 to 0.75.

    Raises
    ------
    DeguError
        If the fraction is out of range.
    """
    check_within(fraction, RANGES["fraction"], where="augmentations.mutation.fraction")
    length = tokens.shape[1]
    number = round(fraction / _CHANGED * length)
    result = tokens.copy()
    if number:
        draws = rng.random(tokens.shape, dtype=np.float32)
        positions = np.argpartition(draws, number - 1, axis=1)[:, :number]
        old = np.take_along_axis(tokens, positions, axis=1)
        new = np.where(old == N_TOKEN, old, random_bases(old, rng))
        np.put_along_axis(result, positions, new, axis=1)
    return result
