"""Sequences that share a stretch of bases with others, such as a locus with sequences that models were trained on."""

from collections.abc import Iterator

import numpy as np

from degu.data.sequences import N_TOKEN, reverse_complement

# By chance, two sequences of some hundred bases share no stretch as long as this.
LENGTH = 24
# Sequences whose stretches are in memory at a time.
_BLOCK = 4096


def share_stretches(tokens: np.ndarray, others: np.ndarray, length: int = LENGTH) -> np.ndarray:
    """Return whether each sequence shares a stretch with one of the others, on either strand, bool (n,).

    Parameters
    ----------
    tokens, others
        Sequences, uint8 (n, L) and (N, K); stretches with an N are shared with none.
    length
        Number of bases of a stretch, 31 at most.
    """
    shared = np.zeros(len(tokens), dtype=bool)
    if min(tokens.shape[1], others.shape[1]) < length:
        return shared
    codes, known = _codes(tokens, length)
    distinct, index = np.unique(codes, return_inverse=True)
    found = np.zeros(len(distinct), dtype=bool)
    for block in _blocks(others):
        own, there = _codes(block, length)
        present = np.unique(own[there])
        found |= np.isin(distinct, present, assume_unique=True)
    return (found[index.reshape(codes.shape)] & known).any(axis=1)


def _blocks(tokens: np.ndarray) -> Iterator[np.ndarray]:
    for start in range(0, len(tokens), _BLOCK):
        yield tokens[start : start + _BLOCK]
        yield reverse_complement(tokens[start : start + _BLOCK])


def _codes(tokens: np.ndarray, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Return a number for each stretch, int64 (n, W), and whether all of its bases are known, bool (n, W)."""
    windows = tokens.shape[1] - length + 1
    codes, known = np.zeros((len(tokens), windows), dtype=np.int64), np.ones((len(tokens), windows), dtype=bool)
    for offset in range(length):
        column = tokens[:, offset : offset + windows]
        codes = codes * 4 + np.minimum(column, N_TOKEN - 1)
        known &= column != N_TOKEN
    return codes, known
