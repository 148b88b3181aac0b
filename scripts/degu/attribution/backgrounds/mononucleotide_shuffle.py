"""Shuffles that keep the number of each base."""

import numpy as np


def draw(tokens: np.ndarray, number: int, pool: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return shuffles, (N, number, L), of tokens (N, L); the pool is not used."""
    del pool
    return rng.permuted(np.repeat(tokens[:, None], number, axis=1), axis=2)
