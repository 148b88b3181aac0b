"""Ridge regression on counts of canonical k-mers, a simple model that every network must beat."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from degu.data.kmers import count_kmers
from degu.data.store import SequenceStore

PENALTIES = (1.0, 10.0, 100.0, 1000.0, 10000.0)
K = 6


@dataclass(frozen=True)
class KmerRidge:
    """A linear function of the counts of canonical k-mers.

    Attributes
    ----------
    coefficients
        Effect of each canonical k-mer on each target, in the units of the data, (number of canonical k-mers, T).
    intercept
        Activity of each target without any k-mer, (T,).
    penalties
        The chosen penalty of each target; none if the coefficients are means over regressions.
    k
        Length of the k-mers.
    margin
        Number of bases at either end of a sequence whose k-mers are not counted.
    """

    coefficients: np.ndarray
    intercept: np.ndarray
    penalties: Sequence[float] = ()
    k: int = K
    margin: int = 0

    def predict(self, tokens: np.ndarray) -> np.ndarray:
        """Return the predicted activity, (N, T), of tokens (N, L)."""
        return count_kmers(_within(tokens, self.margin), self.k) @ self.coefficients + self.intercept


def fit_kmer_ridge(
    tokens: np.ndarray,
    activity: np.ndarray,
    validation_tokens: np.ndarray,
    validation_activity: np.ndarray,
    k: int = K,
    margin: int = 0,
) -> KmerRidge:
    """Fit a ridge regression for each target, with the penalty of `PENALTIES` that is best on validation.

    Parameters
    ----------
    tokens, activity
        The training sequences, (N, L), and their activity, (N, T).
    validation_tokens, validation_activity
        The same for the validation sequences.
    k
        Length of the k-mers.
    margin
        Number of bases at either end of a sequence whose k-mers are not counted.
    """
    # Most of the jobs that train models, which import this module too, fit no ridge regression.
    from sklearn.linear_model import Ridge

    counts, validation = (count_kmers(_within(each, margin), k) for each in (tokens, validation_tokens))
    best = []
    for y, wanted in zip(activity.T.astype(np.float64), validation_activity.T.astype(np.float64), strict=True):
        fits = [Ridge(alpha=penalty, solver="sparse_cg").fit(counts, y) for penalty in PENALTIES]
        best.append(min(fits, key=lambda fit: np.mean(np.square(fit.predict(validation) - wanted))))
    return KmerRidge(
        coefficients=np.stack([fit.coef_ for fit in best], axis=1),
        intercept=np.array([fit.intercept_ for fit in best]),
        penalties=[fit.alpha for fit in best],
        k=k,
        margin=margin,
    )


def _within(tokens: np.ndarray, margin: int) -> np.ndarray:
    """Return sequences (N, L) without a number of bases at either end."""
    return tokens[:, margin : tokens.shape[1] - margin]


def kmer_ridge_of(store: SequenceStore, training: np.ndarray) -> KmerRidge:
    """Return the regression of a data set that is fitted to some training rows, and judged on the validation split.

    What is counted in the middle of long windows may follow from the sequence there alone, or from all of it. Both are
    fitted then, and the one is kept whose squared error on the validation split is smaller: its part in the sum of
    both, as the mean over targets.
    """
    validation = store.rows("validation")
    own, others = ((store.tokens[rows], store.targets[rows]) for rows in (training, validation))
    fits = [fit_kmer_ridge(*own, *others, margin=margin) for margin in sorted({0, store.margin})]
    if len(fits) == 1:
        return fits[0]
    left = [np.square(fit.predict(others[0]) - others[1]).mean(axis=0) for fit in fits]
    return fits[int(np.argmin([np.mean(part / np.sum(left, axis=0)) for part in left]))]
