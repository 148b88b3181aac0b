"""Shuffle the bases of each sequence; labels have to be made anew."""

import numpy as np


def augment(tokens: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return sequences whose bases are in another order, each order equally likely, (n, L).

    N is shuffled as a base is.

    Parameters
    ----------
    tokens
        Sequences, (n, L).
    rng
        Source of draws.
    """
    return rng.permuted(tokens, axis=1)
