"""The expected counts at each position, with standard deviations, of a predicted profile and the logarithm of a count.

A profile has the share p of the counts at each position and strand, which sum to 1 for a target. The head `mean` has
m = log(1 + N) of the counts N of all replicates together. The expected counts at a position are p N.

Their variance follows to first order from those of p and of m, as if both erred independently, so that relative
variances add. A bin with the share p_b and the standard deviation s_b has the relative one s_b / p_b. It is that of
each of its positions, as if these rose and fell together. The count has the derivative 1 + N with respect to m. So the
variance at a position of the bin is

    (N p s_b / p_b)^2 + (p (1 + N) s_m)^2

with the standard deviation s_m of m. The epistemic standard deviations come from `profile_epistemic` and `epistemic`.
The total variance has that of the aleatoric ones in addition, from `profile_aleatoric` and `aleatoric`. These are
standard deviations of one replicate, on the scale of all of them together.
"""

from collections.abc import Mapping

import numpy as np

from degu.data.profile_bins import bin_profile
from degu.outputs.heads import UNCERTAINTIES


def kinds_of(heads: list[str]) -> list[str]:
    """Return what `expected_counts` gives for a student with some heads: of `mean`, `epistemic` and `total`."""
    known = [kind for kind in UNCERTAINTIES if kind in heads and f"profile_{kind}" in heads]
    stds = {"epistemic": "epistemic" in known, "total": len(known) == len(UNCERTAINTIES)}
    return ["mean", *(kind for kind, is_known in stds.items() if is_known)]


def expected_counts(heads: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the expected counts at each position and their standard deviations, float64 (N, T, S, P) each, by kind.

    Parameters
    ----------
    heads
        Predicted heads: `mean`, (N, T), and `profile`, (N, T, S, P). With `epistemic`, (N, T), and
        `profile_epistemic`, (N, T, S, B), the kind `epistemic` comes out, and with the aleatoric ones in addition the
        kind `total`.
    """
    known: dict[str, np.ndarray] = {}
    for kind in kinds_of(list(heads)):
        if kind == "mean":
            known[kind] = heads["profile"] * np.maximum(np.expm1(_by_position(heads["mean"])), 0)
        elif kind == "epistemic":
            known[kind] = np.sqrt(_variance(heads, kind))
        else:
            known[kind] = np.sqrt(np.square(known["epistemic"]) + _variance(heads, "aleatoric"))
    return known


def _variance(heads: Mapping[str, np.ndarray], kind: str) -> np.ndarray:
    """Return the variance of the expected counts at each position, (N, T, S, P), that one kind of uncertainty makes."""
    profile, log_count = heads["profile"].astype(np.float64), _by_position(heads["mean"])
    of_bins, of_log_count = (np.maximum(heads[name], 0) for name in (f"profile_{kind}", kind))
    bins = of_bins.shape[-1]
    width = profile.shape[-1] // bins
    in_bin = np.repeat(bin_profile(profile, bins), width, axis=-1)
    # Where a bin has no share, nothing tells its positions from each other.
    part = np.divide(profile, in_bin, out=np.full(profile.shape, 1 / width), where=in_bin > 0)
    by_profile = np.maximum(np.expm1(log_count), 0) * part * np.repeat(of_bins, width, axis=-1)
    by_count = profile * np.exp(log_count) * _by_position(of_log_count)
    return np.square(by_profile) + np.square(by_count)


def _by_position(values: np.ndarray) -> np.ndarray:
    """Return values of targets, (N, T), as float64 (N, T, 1, 1)."""
    return values.astype(np.float64)[..., None, None]
