"""Standard deviations of the counts in the bins of a profile, and of their shares, from predicted heads.

A profile has the share p of the counts in each bin and strand, and the head `mean` has m = log(1 + N) of the counts N
of all R replicates together. The expected counts in a bin are p N. Their variance follows to first order from those of
p and of m, as if both erred independently. The count has the derivative 1 + N with respect to m. So the variance is

    (N s_p)^2 + (p (1 + N) s_m)^2

with the standard deviations s_p of the share and s_m of m. What is measured in R replicates together differs from what
is expected by noise, too. Where the model predicts the standard deviation over replicates, which is that of a single
one, the noise has a part in R of its variance. Where it does not, counts are taken as Poisson distributed: a share then
has the variance p (1 - p) / N, and m has 1 / N.

These functions need NumPy alone, so that commands that use them start at once. Heads are arrays (N, T) and `profile`
(N, T, S, P), with the standard deviations of shares (N, T, S, B).
"""

from collections.abc import Mapping

import numpy as np

from degu.data.profile_bins import bin_profile
from degu.outputs.heads import PROFILE_UNCERTAINTIES

Predicted = Mapping[str, np.ndarray]


def number_of_bins(heads: Predicted) -> int:
    """Return the number B of bins whose standard deviations are predicted; 0 if none are."""
    return next((heads[head].shape[-1] for head in PROFILE_UNCERTAINTIES if head in heads), 0)


def expected_total(heads: Predicted) -> np.ndarray:
    """Return the expected counts of all strands and positions, float64 (N, T, 1, 1), 0 or more."""
    return np.maximum(np.expm1(_by_bin(heads["mean"])), 0)


def expected_shares(heads: Predicted) -> np.ndarray:
    """Return the predicted share of the counts in each bin, float64 (N, T, S, B)."""
    return bin_profile(heads["profile"].astype(np.float64), number_of_bins(heads))


def share_std(heads: Predicted, replicates: int) -> np.ndarray:
    """Return the std of the share that all replicates together have in a bin, about the prediction, (N, T, S, B).

    Parameters
    ----------
    heads
        Predicted heads, with `profile_epistemic` or `profile_aleatoric` or both. One below 0 counts as 0.
    replicates
        The number R of replicates.
    """
    variance = np.square(_positive(heads, "profile_epistemic"))
    if "profile_aleatoric" in heads:
        return np.sqrt(variance + np.square(_positive(heads, "profile_aleatoric")) / replicates)
    shares = expected_shares(heads)
    return np.sqrt(variance + shares * (1 - np.minimum(shares, 1)) / np.maximum(expected_total(heads), 1))


def log_count_std(heads: Predicted, replicates: int) -> np.ndarray:
    """Return the std of the log count of all replicates together, about the prediction, (N, T).

    Parameters
    ----------
    heads
        Predicted heads. Those of `epistemic` and `aleatoric` that are missing count as 0 and as Poisson noise.
    replicates
        The number R of replicates.
    """
    variance = np.square(_positive(heads, "epistemic"))
    if "aleatoric" in heads:
        return np.sqrt(variance + np.square(_positive(heads, "aleatoric")) / replicates)
    return np.sqrt(variance + 1 / np.maximum(expected_total(heads)[..., 0, 0], 1))


def counts_std(heads: Predicted, of_shares: np.ndarray, of_log_count: np.ndarray) -> np.ndarray:
    """Return the std of the counts in each bin, (N, T, S, B), of those of shares (N, T, S, B) and log counts (N, T)."""
    by_profile = expected_total(heads) * of_shares
    by_count = expected_shares(heads) * np.exp(_by_bin(heads["mean"])) * _by_bin(of_log_count)
    return np.sqrt(np.square(by_profile) + np.square(by_count))


def _positive(heads: Predicted, head: str) -> np.ndarray | float:
    """Return the values of a head as float64, at least 0; 0 if there is no such head."""
    return np.maximum(heads[head].astype(np.float64), 0) if head in heads else 0.0


def _by_bin(values: np.ndarray) -> np.ndarray:
    """Return values of targets, (N, T), as float64 (N, T, 1, 1)."""
    return np.asarray(values, dtype=np.float64)[..., None, None]
