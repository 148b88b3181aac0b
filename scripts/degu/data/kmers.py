"""Counts of k-mers in sequences, where a k-mer and its reverse complement are one."""

from typing import TYPE_CHECKING

import numpy as np

from degu.data.sequences import N_TOKEN

if TYPE_CHECKING:
    from scipy import sparse


def canonical_index(k: int) -> np.ndarray:
    """Return the index of each k-mer's canonical form, (4 ** k,); a k-mer and its reverse complement share one."""
    codes = np.arange(4**k)
    reverse = np.zeros_like(codes)
    rest = codes.copy()
    for _ in range(k):
        reverse = reverse * 4 + (3 - rest % 4)
        rest //= 4
    return np.unique(np.minimum(codes, reverse), return_inverse=True)[1]


def count_kmers(tokens: np.ndarray, k: int) -> "sparse.csr_array":
    """Count canonical k-mers.

    Parameters
    ----------
    tokens
        Sequences, (N, L); windows with an N are not counted.
    k
        Length of the k-mers.

    Returns
    -------
    float32 sparse array of shape (N, number of canonical k-mers)
    """
    # The jobs that train models import this module too, and most of them count no k-mers.
    from scipy import sparse

    windows = tokens.shape[1] - k + 1
    code = np.zeros((len(tokens), windows), dtype=np.int32)
    known = np.ones((len(tokens), windows), dtype=bool)
    for offset in range(k):
        column = tokens[:, offset : offset + windows]
        code = code * 4 + np.minimum(column, 3)
        known &= column != N_TOKEN
    index = canonical_index(k)
    rows = np.broadcast_to(np.arange(len(tokens))[:, None], code.shape)[known]
    counts = sparse.coo_array(
        (np.ones(len(rows), dtype=np.float32), (rows, index[code[known]])), shape=(len(tokens), index.max() + 1)
    )
    return counts.tocsr()
