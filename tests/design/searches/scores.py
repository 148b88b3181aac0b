"""Scores of sequences whose best sequences are known."""

import numpy as np


def additive(length: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return random weights of each base at each position, (L, 4), and the best base of each, (L,)."""
    weights = np.random.default_rng(seed).standard_normal((length, 4))
    return weights, weights.argmax(axis=1)


def sums(weights: np.ndarray):
    """Return a score: the sum of the weights of the bases, of which an N has none."""
    known = np.concatenate([weights, np.zeros((len(weights), 1))], axis=1)
    return lambda tokens: known[np.arange(len(weights)), tokens].sum(axis=1)


def changes(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return in how many bases sequences differ, (n,)."""
    return (one != other).sum(axis=1)
