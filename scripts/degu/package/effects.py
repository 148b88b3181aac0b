"""What a student says of the difference between two sequences: the effect, its uncertainty, and its rank."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from degu.data.sequences import other_strand
from degu.errors import DeguError
from degu.outputs.heads import turned_head
from degu.package.folder import ModelFolder
from degu.package.novelty import in_words

# The columns of the uncertainty, which a student without a head for it leaves out, and that of a student of profiles.
WITH_STD = ("effect_std", "effect_lower", "effect_upper")
WITH_PROFILE = ("profile_distance",)
# What the columns of numbers mean, in the order in which they are written.
MEANINGS = {
    "reference": "predicted activity of the reference allele",
    "alternative": "predicted activity of the alternative allele",
    "effect": "effect, which is the prediction for the alternative less that for the reference allele",
    "effect_std": "epistemic standard deviation of the effect: over the members of the ensemble, as the student "
    "predicts it",
    "effect_lower": "lower end of the interval of the effect, by a normal distribution of its epistemic uncertainty",
    "effect_upper": "upper end of the interval of the effect, by a normal distribution of its epistemic uncertainty",
    "quantile": "share of random single substitutions in sequences of the data set with a smaller absolute effect",
    "profile_distance": "Jensen-Shannon distance, in natural logarithms, between the predicted profiles of both "
    "alleles: 0 for equal ones, 0.83 at most",
}
NO_STD = "this student has no head for the uncertainty of a difference: the effects come without std and interval"


@dataclass(frozen=True)
class Pairs:
    """Predictions for pairs of sequences.

    Attributes
    ----------
    reference, alternative
        Predicted activity of the first and of the second sequence of each pair, float64 (n, T).
    std
        Epistemic standard deviation of the difference, float64 (n, T), or None for a student without a head for it.
    unusual
        By the reason, which pairs have a sequence that is unlike those of the training, bool (n,).
    profile_distance
        Jensen-Shannon distance between the predicted profiles of both sequences, float64 (n, T), or None for a student
        that predicts none.
    """

    reference: np.ndarray
    alternative: np.ndarray
    std: np.ndarray | None
    unusual: Mapping[str, np.ndarray]
    profile_distance: np.ndarray | None = None

    def averaged(self, number: int) -> "Pairs":
        """Return the average of each `number` pairs that stand one after another.

        The standard deviations are averaged, too, which is an upper bound: that of an average is lower where the errors
        differ. So are the distances between profiles, which show other positions in each window.
        """

        def average(values: np.ndarray) -> np.ndarray:
            return values.reshape(-1, number, values.shape[1]).mean(axis=1)

        std, distance = (None if own is None else average(own) for own in (self.std, self.profile_distance))
        unusual = {reason: np.any(mask.reshape(-1, number), axis=1) for reason, mask in self.unusual.items()}
        return Pairs(average(self.reference), average(self.alternative), std, unusual, distance)

    def reasons(self) -> list[str]:
        """Return the reasons why each pair is unusual, separated by commas."""
        return in_words(self.unusual).tolist()


def predict_pairs(
    model: ModelFolder,
    first: np.ndarray,
    second: np.ndarray,
    *,
    both_strands: bool = False,
    flanked: bool = True,
    edits: np.ndarray | None = None,
) -> Pairs:
    """Return what a student says of pairs of constructs.

    Parameters
    ----------
    model
        The student.
    first, second
        Constructs, uint8 (n, L) each.
    both_strands
        Whether the average is taken with the reverse complement of each insert.
    flanked
        Whether the constructs hold the flanks of the assay, which stay as they are when an insert is turned.
    edits
        Where the constructs of each pair differ, int (n, 3): the first base of the alleles in the construct, counted
        from 0, and the number of bases of both alleles. Profiles are compared base by base along them (see
        `degu.package.profile_changes`); without them, position by position.
    """
    flanks = model.construct.flanks
    turns = [(first, second)]
    if both_strands and model.construct.strands == "one":
        kept = flanks if flanked else (0, 0)
        turns.append((other_strand(first, kept), other_strand(second, kept)))
    means, stds, profiles = [], [], []
    unusual: dict[str, np.ndarray] = {}
    for turn, pair in enumerate(turns):
        heads, features = _predict_distinct(model, np.concatenate(pair))
        means.append(heads["mean"].astype(np.float64).reshape(2, len(first), -1))
        if "profile" in heads:
            profiles.append(turned_head("profile", heads["profile"]) if turn else heads["profile"])
        std = model.std_of_features(*np.split(features, 2))
        if std is not None:
            # All members agree that a sequence does not differ from itself.
            std[(pair[0] == pair[1]).all(axis=1)] = 0
            stds.append(std)
        inserts = np.concatenate(pair)[:, flanks[0] : model.construct.length - flanks[1]]
        for reason, mask in model.novelty.reasons(inserts, heads).items():
            unusual[reason] = unusual.get(reason, np.zeros(len(first), dtype=bool)) | mask.reshape(2, -1).any(axis=0)
    reference, alternative = np.mean(means, axis=0)
    distance = _profile_distance(model, np.mean(profiles, axis=0), edits) if profiles else None
    return Pairs(reference, alternative, np.mean(stds, axis=0) if stds else None, unusual, distance)


def _profile_distance(model: ModelFolder, profiles: np.ndarray, edits: np.ndarray | None) -> np.ndarray:
    """Return the distances, (n, T), between the profiles of first sequences and of second ones, (2 n, T, S, P)."""
    # It takes libraries that students without profiles do without.
    from degu.package.profile_changes import profile_distance

    first, second = np.split(profiles, 2)
    # The positions of a profile are those in the middle of the construct.
    before = (model.construct.length - profiles.shape[-1]) // 2
    return profile_distance(first, second, None if edits is None else edits - [before, 0, 0])


def _predict_distinct(model: ModelFolder, constructs: np.ndarray) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return the heads and the features of constructs, of which equal ones are predicted once."""
    distinct, rows = np.unique(constructs, axis=0, return_inverse=True)
    heads, features = model.predict_with_features(distinct)
    return {head: values[rows] for head, values in heads.items()}, features[rows]


def names_of_columns(model: ModelFolder) -> list[str]:
    """Return the names of the columns of numbers that a student has, in the order of `MEANINGS`."""
    missing = (() if model.has_difference else WITH_STD) + (() if "profile" in model.heads else WITH_PROFILE)
    return [name for name in MEANINGS if name not in missing]


def columns_of(model: ModelFolder, pairs: Pairs, level: float) -> dict[str, np.ndarray]:
    """Return the columns of numbers of pairs, float64 (n, T) each, by the names and in the order of `MEANINGS`.

    Parameters
    ----------
    model
        The student.
    pairs
        What it says.
    level
        Probability of the interval, between 0 and 1.

    Raises
    ------
    DeguError
        If the level is no probability.
    """
    if not 0 < level < 1:
        raise DeguError(f"the level {level:g}", expected="a number between 0 and 1, such as 0.9")
    effect = pairs.alternative - pairs.reference
    found = {"reference": pairs.reference, "alternative": pairs.alternative, "effect": effect}
    if pairs.std is not None:
        half = NormalDist().inv_cdf((1 + level) / 2) * pairs.std
        found |= dict(zip(WITH_STD, (pairs.std, effect - half, effect + half), strict=True))
    found["quantile"] = model.background.quantile_of_effect(effect)
    return found if pairs.profile_distance is None else {**found, "profile_distance": pairs.profile_distance}
