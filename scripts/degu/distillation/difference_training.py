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
class _Part:
    """The pairs of one part of the data, and what is known of them."""

    pairs: Pairs
    differences: np.ndarray
    effect: np.ndarray
    sum_of_variances: np.ndarray

    def judged(self, head: np.ndarray) -> dict[str, list[dict[str, float]]]:
        ways = {"head": head, "sum_of_variances": self.sum_of_variances}
        return {way: judge(values, self.pairs.std) for way, values in ways.items()}


def fit_difference_head(
    student: Predictor, members: Sequence[Path], store: SequenceStore, training: np.ndarray, seed: int
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
    """
    rows = {"train": training, "calibration": store.rows("calibration"), "test": store.rows("test")}
    rng = np.random.default_rng(derive_seed(seed, "difference", 3))
    drawn = {part: rows_of_pairs(own, rng) for part, own in rows.items()}
    times = {part: number for part, (_, number) in drawn.items()} | {"unlike": 1}
    tokens = _sequences(store, drawn, seed)
    labels = label_sequences(members, range(1, len(members) + 1), tokens, heads=["mean"])
    means = {name: labels.heads.select(values, "mean") for name, values in labels.values.items()}
    parts = {
        part: _part(student, (tokens[part], tokens[f"{part} mutants"]), (means[part], means[f"{part} mutants"]), number)
        for part, number in times.items()
    }
    pairs = joined(parts["train"].pairs, parts["unlike"].pairs)
    log.info("%s pairs to train on", f"{len(pairs.std):,}")
    head = train_difference_head(pairs, seed)
    predicted = {
        part: head.predict([parts[part].pairs.first, parts[part].pairs.second], verbose=0).astype(np.float64)
        for part in ("calibration", "test")
    }
    worth = {part: parts[part].judged(values) for part, values in predicted.items()}
    log.info("on the test split: %s", worth["test"])
    factors = {way: np.array([own["factor"] for own in judged]) for way, judged in worth["calibration"].items()}
    ways = {
        "head": predicted["test"] * factors["head"],
        "sum_of_variances": parts["test"].sum_of_variances,
        "scaled_sum": parts["test"].sum_of_variances * factors["sum_of_variances"],
    }
    return Fitted(head, worth, _pair_table(store, parts["test"], ways), _coverage_table(store, parts["test"], ways))


def _part(
    student: Predictor, tokens: tuple[np.ndarray, np.ndarray], means: tuple[np.ndarray, np.ndarray], times: int
) -> _Part:
    """Return the pairs of sequences, (n, L), and mutants, (n * times, L), with what members predict, (M, ..., T)."""
    features, heads = features_of(student.model), [student.predict(own) for own in tokens]
    first, second = np.repeat(means[0], times, axis=1), means[1]
    epistemic = [np.maximum(own["epistemic"], 0).astype(np.float64) for own in heads]
    return _Part(
        Pairs(np.repeat(features(tokens[0]), times, axis=0), features(tokens[1]), std_of_difference(first, second)),
        second.astype(np.float64) - first,
        heads[1]["mean"].astype(np.float64) - np.repeat(heads[0]["mean"], times, axis=0),
        np.hypot(np.repeat(epistemic[0], times, axis=0), epistemic[1]),
    )


def _pair_table(store: SequenceStore, part: _Part, ways: Mapping[str, np.ndarray]) -> pd.DataFrame:
    tables = [
        pd.DataFrame(
            {
                "target": name,
                "members": part.pairs.std[:, target],
                "head": ways["head"][:, target],
                "sum_of_variances": ways["sum_of_variances"][:, target],
            }
        )
        for target, name in enumerate(store.target_names)
    ]
    return pd.concat(tables, ignore_index=True)


def _coverage_table(store: SequenceStore, part: _Part, ways: Mapping[str, np.ndarray]) -> pd.DataFrame:
    away = np.abs(part.differences - part.effect)
    rows = [
        (name, way, level, float((away[..., target] <= half * std[:, target]).mean()))
        for target, name in enumerate(store.target_names)
        for way, std in ways.items()
        for level, half in zip(LEVELS, stats.norm.ppf((1 + LEVELS) / 2), strict=True)
    ]
    return pd.DataFrame(rows, columns=["target", "way", "level", "coverage"])


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
