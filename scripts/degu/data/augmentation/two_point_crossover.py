"""Put a segment of another sequence in place of the own; labels have to be made anew."""

import numpy as np

# What this augmentation makes is so different that the label of the original sequence is not its own.
NEW_LABELS = True


def augment(tokens: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return sequences that hold a segment of another one, at the same positions, (n, L).

    The other one is any of the sequences that are given, but never the sequence itself; a sequence that is given alone
    stays as it is. Of the L + 1 places between bases and at the ends, the segment lies between two, and each two are
    equally likely.

    Parameters
    ----------
    tokens
        Sequences, (n, L).
    rng
        Source of draws.
    """
    count, length = tokens.shape
    if count < 2:
        return tokens.copy()
    partner = (np.arange(count) + rng.integers(1, count, size=count)) % count
    first = rng.integers(0, length + 1, size=(count, 1))
    second = rng.integers(0, length, size=(count, 1))
    second += second >= first
    position = np.arange(length)
    within = (position >= np.minimum(first, second)) & (position < np.maximum(first, second))
    return np.where(within, tokens[partner], tokens)
