"""Take the reverse complement of whole sequences, for assays where both strands mean the same."""

import numpy as np

from degu.config.values import check_within
from degu.data import sequences

RANGES = {"probability": {"at_least": 0, "at_most": 1}}


def augment(tokens: np.ndarray, rng: np.random.Generator, *, probability: float = 0.5) -> np.ndarray:
    """Return sequences, of which some are replaced by their reverse complements, (n, L).

    Parameters
    ----------
    tokens
        Sequences, (n, L).
    rng
        Source of draws.
    probability
        The probability that a sequence is replaced, from 0 to 1.

    Raises
    ------
    DeguError
        If the probability is out of range.
    """
    check_within(probability, RANGES["probability"], where="augmentations.reverse_complement.probability")
    replaced = rng.random((len(tokens), 1)) < probability
    return np.where(replaced, sequences.reverse_complement(tokens).astype(tokens.dtype), tokens)
