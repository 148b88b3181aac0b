"""Effects of variants as models predict them, with the standard deviation of each in every way to have one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from degu.variants.prediction import PairPredictions

# Ways to have the epistemic standard deviation of a difference: as the difference head of a student predicts it, over
# the differences of the members, and as the root of the sum of the variances of both alleles.
HEAD, MEMBERS, SUM = "difference_head", "members", "sum_of_variances"
WAYS = (HEAD, MEMBERS, SUM)


@dataclass(frozen=True)
class Effects:
    """The effects that one model predicts for one target.

    Attributes
    ----------
    model, student, seed
        Kind of the model, the recipe of a student or empty text, and its seed; -1 for what has none.
    effect
        The prediction for the alternative less that for the reference allele, float64 (n,).
    std
        The standard deviation of the effect, float64 (n,) each, by the way to have it.
    """

    model: str
    student: str
    seed: int
    effect: np.ndarray
    std: Mapping[str, np.ndarray] = field(default_factory=dict)


def effects_of_members(pairs: PairPredictions, windows: str, target: int) -> Iterator[Effects]:
    """Yield the effects of each member, and those of the ensemble, in one kind of window for one target."""
    first, second = (own[..., target] for own in pairs.select(windows, "mean"))
    for seed, effect in zip(pairs.predictions.seeds, second - first, strict=True):
        yield Effects("member", "", seed, effect)
    spread = {MEMBERS: (second - first).std(axis=0), SUM: np.hypot(first.std(axis=0), second.std(axis=0))}
    yield Effects("ensemble", "", -1, (second - first).mean(axis=0), spread)


def effects_of_students(pairs: PairPredictions, windows: str, target: int, student: str) -> Iterator[Effects]:
    """Yield the effects of each student of a recipe."""
    first, second = (own[..., target] for own in pairs.select(windows, "mean"))
    sums = np.full(len(first), None)
    if "epistemic" in pairs.predictions.heads.heads:
        # A linear head can predict a negative standard deviation, which counts as 0.
        sums = np.hypot(*(np.maximum(own[..., target], 0) for own in pairs.select(windows, "epistemic")))
    for number, (seed, effect) in enumerate(zip(pairs.predictions.seeds, second - first, strict=True)):
        std = {} if sums[number] is None else {SUM: sums[number]}
        if number == 0 and windows in pairs.difference_std:
            std = {HEAD: pairs.difference_std[windows][:, target], **std}
        yield Effects("student", student, seed, effect, std)


def effects_of_baseline(pairs: PairPredictions, windows: str, target: int, model: str) -> Iterator[Effects]:
    """Yield the effects of a model without seeds, such as k-mer ridge regression."""
    first, second = (own[0, :, target] for own in pairs.select(windows, "mean"))
    yield Effects(model, "", -1, second - first)
