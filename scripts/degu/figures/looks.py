"""The words, colours and markers of models and methods, which are the same in every figure of every data set."""

from collections.abc import Iterable, Sequence
from typing import TypedDict

import seaborn as sns

# The colours of Okabe and Ito, which the colour-blind can tell apart.
COLORS = {
    "alone": "#56B4E9",
    "member": "#0072B2",
    "ensemble": "#009E73",
    "student": "#D55E00",
    "kmer_ridge": "#7F7F7F",
    "mean": "#0072B2",
    "aleatoric": "#CC79A7",
    "epistemic": "#E69F00",
    "total": "#0072B2",
    "truth": "#000000",
}
MARKERS = {"alone": "v", "member": "o", "ensemble": "D", "student": "^", "kmer_ridge": "s"}
ORDER = ["kmer_ridge", "alone", "member", "ensemble", "student"]
# What a person calls the things that have another name in settings and tables.
LABELS = {
    "alone": "trained alone",
    "member": "ensemble member",
    "ensemble": "ensemble",
    "student": "distilled student",
    "kmer_ridge": "k-mer ridge",
    "degu": "DEGU",
    "gaussian": "Gaussian",
    "gaussian_as_published": "Gaussian, as published",
    "beta_gaussian": "beta-Gaussian",
    "evidential_as_published": "evidential, as published",
    "laplace": "Laplace",
    "mc_dropout": "MC dropout",
    "cross_validation": "cross-validation",
    "activity": "activity alone",
    "replicate_std": "std over replicates",
    "normalized_aleatoric": "normalized, aleatoric",
    "normalized_epistemic": "normalized, epistemic",
    "normalized_total": "normalized, total",
    "mondrian_activity": "Mondrian, activity",
    "mondrian_gc": "Mondrian, GC content",
    "mondrian_total": "Mondrian, total",
    "jackknife_plus": "jackknife+",
    "deep_shap": "DeepSHAP",
    "hypothetical_deep_shap": "hypothetical DeepSHAP",
}
# These methods have the same look wherever they are drawn.
PREDICTING = (
    *("degu", "gaussian", "evidential", "mc_dropout", "quantile", "cross_validation", "bootstrap", "laplace"),
    *("gaussian_as_published", "evidential_as_published", "beta_gaussian", "activity", "replicate_std"),
)
CONFORMAL = (
    *("split", "normalized_aleatoric", "normalized_epistemic", "normalized_total", "quantile", "mondrian_activity"),
    *("mondrian_gc", "mondrian_total", "jackknife_plus", "weighted"),
)


class Look(TypedDict):
    """The colour and the marker of a method."""

    color: tuple[float, float, float]
    marker: str


def label(word: str) -> str:
    """Return the words that figures use for a model, a method or a quantity."""
    return LABELS.get(word, word.replace("_", " "))


def method_styles(methods: Iterable[str], known: Sequence[str] = PREDICTING) -> dict[str, Look]:
    """Return a colour and a marker for each method; no two of 40 methods have the same pair.

    Parameters
    ----------
    methods
        The methods in their order. The first that is not known, such as a teacher, has the first colour.
    known
        Methods that have the same look in every figure.
    """
    palette = sns.color_palette("colorblind", 8)
    pairs: list[Look] = [{"color": color, "marker": marker} for marker in "osD^v" for color in palette]
    fixed = dict(zip(known, pairs[1:], strict=False))
    free = iter([pairs[0], *pairs[1 + len(known) :]])
    return {method: fixed[method] if method in fixed else next(free) for method in dict.fromkeys(methods)}
