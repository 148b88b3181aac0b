"""Ridge regression on counts of canonical k-mers, a simple baseline that every model must beat."""

import numpy as np
from scipy import sparse
from sklearn.linear_model import Ridge

from degu.data.sequences import N_TOKEN
from degu.data.store import SequenceStore

ALPHAS = (1.0, 10.0, 100.0, 1000.0, 10000.0)


def canonical_index(k: int) -> np.ndarray:
    """Return the index of each k-mer's canonical form, (4 ** k,); a k-mer and its reverse complement share one."""
    codes = np.arange(4**k)
    reverse = np.zeros_like(codes)
    rest = codes.copy()
    for _ in range(k):
        reverse = reverse * 4 + (3 - rest % 4)
        rest //= 4
    return np.unique(np.minimum(codes, reverse), return_inverse=True)[1]


def count_kmers(tokens: np.ndarray, k: int) -> sparse.csr_array:
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


def predict_kmer_ridge(store: SequenceStore, train: np.ndarray, k: int = 6) -> tuple[np.ndarray, list[float]]:
    """Fit a ridge regression for each target on the training rows, with the penalty that is best on validation.

    Parameters
    ----------
    store
        Data set.
    train
        Indices of the rows to fit on.
    k
        Length of the k-mers.

    Returns
    -------
    Predictions (N, T) for every row, and the chosen penalty of each target
    """
    counts = count_kmers(store.tokens, k)
    validation = store.rows("validation")
    predictions = np.empty(store.targets.shape)
    chosen = []
    for index in range(store.targets.shape[1]):
        y = store.targets[:, index].astype(np.float64)
        fits = [Ridge(alpha=alpha, solver="sparse_cg").fit(counts[train], y[train]) for alpha in ALPHAS]
        errors = [np.mean((fit.predict(counts[validation]) - y[validation]) ** 2) for fit in fits]
        best = int(np.argmin(errors))
        chosen.append(ALPHAS[best])
        predictions[:, index] = fits[best].predict(counts)
    return predictions, chosen
