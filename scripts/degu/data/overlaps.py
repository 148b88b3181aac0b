"""Sequences that overlap those of another set, by stretches of bases that both have on either strand."""

from collections.abc import Iterator

import numpy as np

from degu.data.sequences import N_TOKEN, reverse_complement

# Sequences whose stretches are in memory at a time.
_BLOCK = 4096


def overlapping(tokens: np.ndarray, others: np.ndarray, length: int) -> np.ndarray:
    """Return which sequences share a stretch with any of some others, on either strand, bool (n,).

    Parameters
    ----------
    tokens, others
        Sequences, uint8 (n, L) and (N, K). A stretch with an N is none.
    length
        Number of bases of a stretch, from 1 to 31, since two bits a base fit into 64; sequences that are shorter share
        none. Sequences of some hundred bases hardly ever share 24 by chance.
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
