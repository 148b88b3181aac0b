"""Scores of predictions for shifted sequences: errors, how well uncertainty finds them, and whether it grows."""

from collections.abc import Mapping

import numpy as np
from scipy import stats

from degu.data.correlation import pearson
from degu.evaluation.accuracy import auroc, mean_squared_error, spearman

# An error is large if it is among this share of the largest ones.
LARGE = 0.25


def normalized_error(predicted: np.ndarray, reference: np.ndarray) -> float:
    """Return the mean squared error divided by the variance of the reference, (n,) each; NaN for a constant reference.

    The error alone falls under a large shift, because the predictions and the reference shrink together. A constant
    prediction of the reference's mean has 1.
    """
    variance = float(np.var(reference))
    return mean_squared_error(predicted, reference) / variance if variance > 0 else float("nan")


# Each takes predicted and reference values, (n,).
ERRORS = {
    "mse": mean_squared_error,
    "normalized_mse": normalized_error,
    "pearson": pearson,
    "spearman": spearman,
}


def detection(score: np.ndarray, others: np.ndarray) -> float:
    """Return the probability that a shifted sequence has a higher score than one that is not shifted; ties count half.

    Parameters
    ----------
    score, others
        Standard deviations of the shifted sequences, (n,), and of the others, (m,).
    """
    return auroc(np.concatenate([score, others]), np.repeat([1, 0], [len(score), len(others)]))


def finds_errors(std: np.ndarray, error: np.ndarray) -> float:
    """Return the probability that one of the largest quarter of errors has a higher std than another one, (n,) each."""
    threshold = np.quantile(error, 1 - LARGE)
    large = error > threshold
    return auroc(std, large.astype(int)) if 0 < large.sum() < len(large) else float("nan")


def trend(std: np.ndarray) -> Mapping[str, float]:
    """Return whether a std grows from rung to rung.

    Parameters
    ----------
    std
        Standard deviations of n sequences at K levels, from no shift to the largest one, (n, K).

    Returns
    -------
    `trend`, the mean over sequences of Kendall's tau between level and std, from -1 to 1; `trend_low` and `trend_high`,
    the ends of its 95 % interval by the normal distribution; and `trend_p`, the p value of Page's test that the std
    grows with the level (Page 1963), from ranks within each sequence
    """
    levels = std.shape[1]
    later, earlier = np.tril_indices(levels, -1)
    concordance = np.sign(std[:, later] - std[:, earlier]).mean(axis=1)
    p = stats.page_trend_test(std, method="asymptotic").pvalue if levels > 2 else float("nan")
    mean, half = float(concordance.mean()), float(stats.norm.ppf(0.975) * stats.sem(concordance))
    return {"trend": mean, "trend_low": mean - half, "trend_high": mean + half, "trend_p": float(p)}
