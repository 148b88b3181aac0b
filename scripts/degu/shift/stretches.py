"""Stretches of sequences that are changed while all else stays."""

from collections.abc import Callable

import numpy as np


def change_stretches(
    tokens: np.ndarray, share: float, change: Callable[[np.ndarray], np.ndarray], rng: np.random.Generator
) -> np.ndarray:
    """Return sequences in which a stretch at a random place is changed, uint8 (n, L).

    Parameters
    ----------
    tokens
        Sequences, uint8 (n, L).
    share
        Length of the stretch as a share of L; it is rounded to whole bases.
    change
        Function of the stretches of all sequences, uint8 (n, l), that returns others of the same shape.
    rng
        Source of the places.
    """
    length = round(share * tokens.shape[1])
    starts = rng.integers(tokens.shape[1] - length + 1, size=(len(tokens), 1))
    places = starts + np.arange(length)
    result = tokens.copy()
    np.put_along_axis(result, places, change(np.take_along_axis(tokens, places, axis=1)), axis=1)
    return result
