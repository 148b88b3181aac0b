"""The training of the head for the uncertainty of a difference, on mutants that the members of an ensemble label."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
import pandas as pd
from scipy import stats

from degu.training.backend import derive_seed
from degu.data.pools import unlike
from degu.data.store import SequenceStore
from degu.distillation.differences import (
    MOST_JUDGED_PAIRS,
    MOST_PAIRS,
    MUTANTS,
    Pairs,
    draw_mutants,
    features_of,
    joined,
    judge,
    rows_of_pairs,
    std_of_difference,
    train_difference_head,
)
from degu.distillation.labelling import label_sequences
from degu.prediction.predictor import Predictor

log = logging.getLogger(__name__)

# The splits that show what a head is worth.
_JUDGED = ("calibration", "test")
LEVELS = np.round(np.arange(0.05, 1, 0.05), 2)
# Pairs of sequences unlike those of the assay, as a share of the pairs of training sequences. Without them the head
# says nearly 0 for microsatellites and homopolymers, where members differ no less than elsewhere.
UNLIKE_SHARE = 0.25

# What the head is worth: for each part of the data and each way to predict the standard deviation, that of each target.
Worth = dict[str, dict[str, list[dict[str, float]]]]


class Fitted(NamedTuple):
    """A head for the uncertainty of a difference, with what it is worth.

    Attributes
    ----------
    head
        The head.
    worth
        For `calibration` and `test`, what `degu.distillation.differences.judge` says of the `head` and of the root of
        the `sum_of_variances`.
    pairs
        A table of the pairs of the test split, one row for each pair and target: `members`, the standard deviation
        over members, and what is predicted for it: `head`, times the factor of the calibration pairs, and
        `sum_of_variances`.
    coverage
        A table of the share of the members' differences that lie within central intervals about the student's own
        difference, with `target`, `way` (a column of `pairs`, or `scaled_sum`, which is `sum_of_variances` times its
        factor), `level` and `coverage`.
    """

    head: keras.Model
    worth: Worth
    pairs: pd.DataFrame
    coverage: pd.DataFrame


@dataclass(frozen=True)
class _Labelled:
    """Sequences and mutants of each, with what the members predict for both.

    Attributes
    ----------
    tokens
        The sequences, (n, L), and the mutants, (N, L), where N is n times `times`.
    means
        What each member predicts for the sequences, (M, n, T), and for the mutants, (M, N, T).
    times
        Number of mutants of each sequence.
    """

    tokens: tuple[np.ndarray, np.ndarray]
    means: tuple[np.ndarray, np.ndarray]
    times: int

    def pairs(self, student: Predictor) -> Pairs:
        """Return the pairs by the features of a student."""
        first, second = (features_of(student.model)(own) for own in self.tokens)
        std = std_of_difference(np.repeat(self.means[0], self.times, axis=1), self.means[1])
        return Pairs(np.repeat(first, self.times, axis=0), second, std)

    def away(self, effect: np.ndarray) -> np.ndarray:
        """Return how far the difference of each pair by each member is from an effect (N, T), as (M, N, T)."""
        first, second = self.means
        return np.abs(second.astype(np.float64) - np.repeat(first, self.times, axis=1) - effect)

    def of_student(self, student: Predictor) -> tuple[np.ndarray, np.ndarray]:
        """Return the student's own difference of each pair, and the root of the sum of both variances, (N, T)."""
        heads = [student.predict(own) for own in self.tokens]
        means = [own["mean"].astype(np.float64) for own in heads]
        epistemic = [np.maximum(own["epistemic"], 0).astype(np.float64) for own in heads]
        return (
            means[1] - np.repeat(means[0], self.times, axis=0),
            np.hypot(np.repeat(epistemic[0], self.times, axis=0), epistemic[1]),
        )


def fit_difference_head(
    student: Predictor,
    members: Sequence[Path],
    store: SequenceStore,
    training: np.ndarray,
    seed: int,
    *,
    mutants: int = MUTANTS,
) -> Fitted:
    """Return a head that is trained for a student, and what it is worth.

    It is trained on mutants of training sequences and of sequences unlike those of the assay.

    Parameters
    ----------
    student
        The student, whose features the head takes.
    members
        Files of the members that the student is distilled from.
    store, training
        The data set, and the rows whose mutants the head is trained on. Those of the calibration and test splits show
        what it is worth.
    seed
        The seed of the configuration.
    mutants
        Number of mutants of each sequence; fewer, if all pairs together are too many.
    """
    most = {"train": MOST_PAIRS} | dict.fromkeys(_JUDGED, MOST_JUDGED_PAIRS)
    rows = {"train": training} | {split: store.rows(split) for split in _JUDGED}
    rng = np.random.default_rng(derive_seed(seed, "difference", 3))
    drawn = {part: rows_of_pairs(own, rng, mutants=mutants, most=most[part]) for part, own in rows.items()}
    labelled = _labelled(members, store, drawn, seed)
    pairs = {part: own.pairs(student) for part, own in labelled.items()}
    learned = joined(pairs["train"], pairs["unlike"])
    log.info("%s pairs to train on", f"{len(learned.std):,}")
    head = train_difference_head(learned, seed)
    effect: dict[str, np.ndarray] = {}
    predicted: dict[str, dict[str, np.ndarray]] = {}
    for split in _JUDGED:
        std = head.predict([pairs[split].first, pairs[split].second], verbose=0).astype(np.float64)
        effect[split], summed = labelled[split].of_student(student)
        predicted[split] = {"head": std, "sum_of_variances": summed}
    worth = {
        split: {way: judge(values, pairs[split].std) for way, values in ways.items()}
        for split, ways in predicted.items()
    }
    log.info("on the test split: %s", worth["test"])
    factors = {way: np.array([own["factor"] for own in judged]) for way, judged in worth["calibration"].items()}
    ways = {
        "head": predicted["test"]["head"] * factors["head"],
        "sum_of_variances": predicted["test"]["sum_of_variances"],
        "scaled_sum": predicted["test"]["sum_of_variances"] * factors["sum_of_variances"],
    }
    away = labelled["test"].away(effect["test"])
    names = store.target_names
    return Fitted(head, worth, _pair_table(names, pairs["test"].std, ways), _coverage_table(names, away, ways))


def _pair_table(names: Sequence[str], members: np.ndarray, ways: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return the standard deviation over members, (N, T), of each pair and target, beside what is predicted for it."""
    tables = [
        pd.DataFrame(
            {
                "target": name,
                "members": members[:, target],
                "head": ways["head"][:, target],
                "sum_of_variances": ways["sum_of_variances"][:, target],
            }
        )
        for target, name in enumerate(names)
    ]
    return pd.concat(tables, ignore_index=True)


def _coverage_table(names: Sequence[str], away: np.ndarray, ways: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return the share of the distances, (M, N, T), that lie within the intervals of each way and level."""
    rows = [
        (name, way, level, float((away[..., target] <= half * std[:, target]).mean()))
        for target, name in enumerate(names)
        for way, std in ways.items()
        for level, half in zip(LEVELS, stats.norm.ppf((1 + LEVELS) / 2), strict=True)
    ]
    return pd.DataFrame(rows, columns=["target", "way", "level", "coverage"])


def _labelled(
    members: Sequence[Path], store: SequenceStore, rows: Mapping[str, tuple[np.ndarray, int]], seed: int
) -> dict[str, _Labelled]:
    """Return the sequences of each part and of `unlike` with their mutants, labelled by all members together."""
    tokens = _sequences(store, rows, seed)
    labels = label_sequences(members, range(1, len(members) + 1), tokens, heads=["mean"])
    means = {name: labels.heads.select(values, "mean") for name, values in labels.values.items()}
    times = {part: number for part, (_, number) in rows.items()} | {"unlike": 1}
    return {
        part: _Labelled((tokens[part], tokens[f"{part} mutants"]), (means[part], means[f"{part} mutants"]), number)
        for part, number in times.items()
    }


def _sequences(store: SequenceStore, rows: Mapping[str, tuple[np.ndarray, int]], seed: int) -> dict[str, np.ndarray]:
    """Return sequences, (n, L), and under `NAME mutants` mutants of them, (n * times, L), for the rows of each part.

    The part `unlike` has sequences unlike those of the assay, with one mutant each.
    """
    rng = np.random.default_rng(derive_seed(seed, "difference", 2))
    tokens = {part: store.tokens[own] for part, (own, _) in rows.items()}
    mutants = {
        part: draw_mutants(np.repeat(tokens[part], times, axis=0), store.insert, rng)
        for part, (_, times) in rows.items()
    }
    rng = np.random.default_rng(derive_seed(seed, "difference", 4))
    number = max(round(UNLIKE_SHARE * len(mutants["train"])), 2)
    tokens["unlike"] = unlike.draw(tokens["train"], store.attributes["flanks"], rng, number=number)
    mutants["unlike"] = draw_mutants(tokens["unlike"], store.insert, rng)
    return tokens | {f"{part} mutants": own for part, own in mutants.items()}
