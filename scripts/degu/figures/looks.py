"""The words, colours and markers of models and methods, which are the same in every figure of every data set."""

from collections.abc import Iterable, Mapping
from typing import TypedDict

from degu.outputs.heads import PROFILE

# The colours of Okabe and Ito, which the colour-blind can tell apart.
COLORS = {
    "alone": "#56B4E9",
    "member": "#0072B2",
    "ensemble": "#009E73",
    "student": "#D55E00",
    "kmer_ridge": "#7F7F7F",
    "ceiling": "#000000",
    "uniform": "#C0C0C0",
    "mean_profile": "#666666",
    "shuffled": "#999999",
    "replicate": "#1A1A1A",
    "mean": "#0072B2",
    "aleatoric": "#CC79A7",
    "epistemic": "#E69F00",
    "total": "#0072B2",
    "truth": "#000000",
}
# What bounds the profiles of networks from below and above is drawn as lines alone.
OF_PROFILES = {"uniform": "-", "mean_profile": "--", "shuffled": "-.", "replicate": ":"}
MARKERS = {
    **{"alone": "v", "member": "o", "ensemble": "D", "student": "^", "kmer_ridge": "s", "ceiling": ""},
    **dict.fromkeys(OF_PROFILES, ""),
}
# Models that are no networks have lines of their own.
LINES = {"kmer_ridge": "--", "ceiling": ":", **OF_PROFILES}
ORDER = [
    *("uniform", "mean_profile", "shuffled"),
    *("kmer_ridge", "alone", "member", "ensemble", "student", "ceiling", "replicate"),
]
# What a person calls the things that have another name in settings and tables.
LABELS = {
    "alone": "trained alone",
    "member": "ensemble member",
    "ensemble": "ensemble",
    "student": "distilled student",
    "kmer_ridge": "k-mer ridge",
    "ceiling": "highest to be expected",
    "uniform": "uniform profile",
    "mean_profile": "mean profile",
    "shuffled": "shuffled counts",
    "replicate": "another replicate",
    "degu": "DEGU",
    "degu_published": "DEGU, as published",
    "gaussian": "Gaussian",
    "gaussian_as_published": "Gaussian, as published",
    "beta_gaussian": "beta-Gaussian",
    "degu_log_variance": "DEGU, log variance",
    "degu_library": "DEGU, as in its library",
    "degu_crps": "DEGU, CRPS",
    "degu_balanced": "DEGU, balanced",
    "degu_gaussian": "DEGU, Gaussian",
    "degu_kullback_leibler": "DEGU, Kullback-Leibler",
    "degu_wasserstein": "DEGU, Wasserstein",
    "degu_evidential": "DEGU, evidential",
    "degu_short": "DEGU, short",
    "degu_quick": "DEGU, quick",
    "degu_member_size": "DEGU, member's size",
    "degu_warm_start": "DEGU, warm start",
    "degu_dynamic": "DEGU, dynamic",
    "degu_profile": "DEGU, profiles",
    "degu_profile_warm_start": "DEGU, profiles, warm start",
    "bpnet": "BPNet",
    "bpnet_bias": "BPNet, bias",
    "bpnet_small": "BPNet, small",
    "bpnet_yeast": "BPNet, yeast",
    "bpnet_yeast_single": "BPNet, yeast, one replicate",
    "dream_rnn": "DREAM-RNN",
    "dream_rnn_degu": "DREAM-RNN, as DEGU trained it",
    "dream_rnn_aleatoric": "DREAM-RNN, aleatoric",
    "dream_rnn_profile": "DREAM-RNN, profiles",
    "dream_rnn_small": "DREAM-RNN, small",
    "dream_rnn_small_assay": "DREAM-RNN, small assay",
    "chrombpnet": "ChromBPNet",
    "chrombpnet_without_bias": "ChromBPNet, without bias",
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
    "core_set": "core-set",
    "badge": "BADGE-like",
    "deep_shap": "DeepSHAP",
    "hypothetical_deep_shap": "hypothetical DeepSHAP",
    "evoaug": "EvoAug",
    "gc_lower": "lower GC content",
    "gc_higher": "higher GC content",
    "dinucleotide_shuffle": "dinucl. shuffle",
    "mononucleotide_shuffle": "mononucl. shuffle",
}
# What the expected map of a member would reach: the highest cosine, but the lowest distance.
BEST = "best to be expected"
# These methods have the same look wherever they are drawn: a number in the list of all pairs of a colour and a marker,
# of which 8 after one another have one marker. Variants of a method have its colour.
PREDICTING = {
    "degu": 1,
    "gaussian": 2,
    "evidential": 3,
    "mc_dropout": 4,
    "quantile": 5,
    "cross_validation": 6,
    "bootstrap": 7,
    "laplace": 8,
    "degu_published": 9,
    "gaussian_as_published": 10,
    "evidential_as_published": 11,
    "replicate_std": 12,
    "activity": 13,
    "beta_gaussian": 18,
    # The students of the project have colours of their own, which tell their lines apart.
    "degu_log_variance": 24,
    "degu_profile": 25,
    "degu_crps": 26,
    "degu_balanced": 27,
    "degu_gaussian": 28,
    "degu_kullback_leibler": 29,
    "degu_wasserstein": 30,
    "degu_evidential": 31,
    "degu_library": 32,
}
# Where students are drawn beside members and k-mer ridge, none has the look of these.
BESIDE_MODELS = {**PREDICTING, "member": 0, "kmer_ridge": 15}
CONFORMAL = {
    "split": 0,
    "normalized_aleatoric": 1,
    "normalized_total": 2,
    "normalized_epistemic": 3,
    "mondrian_activity": 4,
    "mondrian_gc": 5,
    "mondrian_total": 6,
    "weighted": 7,
    "quantile": 8,
    "jackknife_plus": 10,
    "uncalibrated": 40,
}


class Look(TypedDict):
    """The colour and the marker of a method."""

    color: str | tuple[float, float, float]
    marker: str


def label(word: str) -> str:
    """Return the words that figures use for a model, a method or a quantity."""
    student, at, pool = word.partition("@")
    if at and student in LABELS:
        return f"{LABELS[student]}, {'no new sequences' if pool == 'none' else pool.replace('_', ' ')}"
    return LABELS.get(word, word.replace("_", " "))


def unit_of_maps(head: str, unit: object) -> object:
    """Return the unit of the attribution maps of a head of a target that has a unit."""
    return "logits" if head == PROFILE else unit


def method_styles(methods: Iterable[str], known: Mapping[str, int] = PREDICTING) -> dict[str, Look]:
    """Return a colour and a marker for each method; no two of 65 methods have the same pair.

    Parameters
    ----------
    methods
        The methods in their order. Those that are not known, such as a teacher, take the first pairs that are free.
    known
        The numbers of the pairs of methods that have the same look in every figure.
    """
    # The rules read the words above without what draws figures.
    import seaborn as sns

    palette = sns.color_palette("colorblind", 8)
    pairs: list[Look] = [{"color": color, "marker": marker} for marker in "osD^v" for color in palette]
    pairs.append({"color": (0.0, 0.0, 0.0), "marker": "o"})
    pairs += [{"color": color, "marker": marker} for marker in "<>P" for color in palette]
    free = iter([pair for number, pair in enumerate(pairs) if number not in known.values()])
    return {method: pairs[known[method]] if method in known else next(free) for method in dict.fromkeys(methods)}
