"""Shuffle each sequence so that it keeps its count of every dinucleotide.

All sequences with the same dinucleotides and the same first base are equally likely (Altschul and Erickson 1985). The
labels have to be made anew.
"""

import numpy as np

from degu.data.dinucleotides import shuffle

# What this augmentation makes is so different that the label of the original sequence is not its own.
NEW_LABELS = True


def augment(tokens: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return sequences with the same dinucleotides in another order, (n, L).

    The first and the last base stay. N is shuffled as a base is.

    Parameters
    ----------
    tokens
        Sequences, (n, L).
    rng
        Source of draws.
    """
    return shuffle(tokens.astype(np.uint8, copy=False), 1, rng)[:, 0].astype(tokens.dtype, copy=False)
