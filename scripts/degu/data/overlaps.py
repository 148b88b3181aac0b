"""Sequences that overlap those of another set, by stretches of bases that both have on either strand."""

import numpy as np

from degu.data.sequences import N_TOKEN, reverse_complement

# A stretch of 30 bases is hardly ever the same by chance, and two bits a base fit into 64.
STRETCH = 30
_BLOCK = 4096


def overlapping(tokens: np.ndarray, others: np.ndarray, length: int = STRETCH) -> np.ndarray:
    """Return which sequences share a stretch with any of some others, on either strand, bool (N,).

    Parameters
    ----------
    tokens, others
        Sequences, uint8 (N, L) and (M, K). A stretch with an N is none.
    length
        Number of bases of a stretch, from 1 to 31; sequences that are shorter share none.
    """
    known = np.unique(np.concatenate([_stretches(others, length), _stretches(reverse_complement(others), length)]))
    # Zero stands for a stretch with an N.
    known = known[known > 0]
    found = np.zeros(len(tokens), dtype=bool)
    for start in range(0, len(tokens), _BLOCK):
        block = tokens[start : start + _BLOCK]
        codes = _stretches(block, length).reshape(len(block), -1)
        found[start : start + _BLOCK] = np.isin(codes, known).any(axis=1)
    return found


def _stretches(tokens: np.ndarray, length: int) -> np.ndarray:
    """Return a number above 0 for each stretch of each sequence, 0 if it has an N, uint64 (N * W,)."""
    windows = tokens.shape[1] - length + 1
    if windows < 1:
        return np.empty(0, dtype=np.uint64)
    code = np.zeros((len(tokens), windows), dtype=np.uint64)
    known = np.ones(code.shape, dtype=bool)
    for offset in range(length):
        column = tokens[:, offset : offset + windows]
        code = code * np.uint64(4) + np.minimum(column, 3).astype(np.uint64)
        known &= column != N_TOKEN
    return np.where(known, code + np.uint64(1), np.uint64(0)).ravel()
