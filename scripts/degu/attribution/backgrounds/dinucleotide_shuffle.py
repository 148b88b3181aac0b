"""Shuffles of each sequence that keep its count of every dinucleotide (Altschul and Erickson 1985)."""

import numpy as np

from degu.data.dinucleotides import shuffle


def draw(tokens: np.ndarray, number: int, pool: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return backgrounds, (n, number, L), as `degu.attribution.backgrounds` describes."""
    del pool
    return shuffle(tokens, number, rng)
