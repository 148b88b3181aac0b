"""Shuffle the bases of each sequence; labels have to be made anew."""

import numpy as np

# What this augmentation makes is so different that the label of the original sequence is not its own.
NEW_LABELS = True


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
