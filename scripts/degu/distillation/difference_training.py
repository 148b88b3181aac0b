"""The training of the head for the uncertainty of a difference, on mutants that the members of an ensemble label."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

import keras
import numpy as np

from degu.training.backend import derive_seed
from degu.data.store import SequenceStore
from degu.distillation.differences import (
    Pairs,
    draw_mutants,
    features_of,
    judge,
    rows_of_pairs,
    std_of_difference,
    train_difference_head,
)
from degu.distillation.labelling import label_sequences
from degu.prediction.predictor import Predictor

log = logging.getLogger(__name__)

# What the head is worth: for each part of the data and each way to predict the standard deviation, that of each target.
Worth = dict[str, dict[str, list[dict[str, float]]]]


def fit_difference_head(
    student: Predictor, members: Sequence[Path], store: SequenceStore, training: np.ndarray, seed: int
) -> tuple[keras.Model, Worth]:
    """Return a head that is trained for a student, and what it is worth.

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

    Returns
    -------
    The head, and for `calibration` and `test` what `degu.distillation.differences.judge` says of the `head` and of the
    root of the `sum_of_variances`
    """
    parts = {"train": training, "calibration": store.rows("calibration"), "test": store.rows("test")}
    rng = np.random.default_rng(derive_seed(seed, "difference", 3))
    rows = {part: rows_of_pairs(own, rng) for part, own in parts.items()}
    tokens = _sequences(store, rows, seed)
    labels = label_sequences(members, range(1, len(members) + 1), tokens)
    features = features_of(student.model)
    pairs = {}
    for part, (_, times) in rows.items():
        first, second = (labels.heads.select(labels.values[name], "mean") for name in (part, f"{part} mutants"))
        pairs[part] = Pairs(
            np.repeat(features(tokens[part]), times, axis=0),
            features(tokens[f"{part} mutants"]),
            std_of_difference(np.repeat(first, times, axis=1), second),
        )
    log.info("%s pairs to train on", f"{len(pairs['train'].std):,}")
    head = train_difference_head(pairs["train"], seed)
    worth = {
        part: _worth(head, student, pairs[part], (tokens[part], tokens[f"{part} mutants"]), rows[part][1])
        for part in ("calibration", "test")
    }
    log.info("on the test split: %s", worth["test"])
    return head, worth


def _sequences(store: SequenceStore, rows: Mapping[str, tuple[np.ndarray, int]], seed: int) -> dict[str, np.ndarray]:
    """Return sequences, (n, L), and under `NAME mutants` mutants of them, (n * times, L), for the rows of each part."""
    left, right = store.attributes["flanks"]
    insert = slice(left, store.tokens.shape[1] - right)
    rng = np.random.default_rng(derive_seed(seed, "difference", 2))
    tokens = {part: store.tokens[own] for part, (own, _) in rows.items()}
    mutants = {
        part: draw_mutants(np.repeat(tokens[part], times, axis=0), insert, rng) for part, (_, times) in rows.items()
    }
    return tokens | {f"{part} mutants": own for part, own in mutants.items()}


def _worth(
    head: keras.Model, student: Predictor, pairs: Pairs, tokens: tuple[np.ndarray, np.ndarray], times: int
) -> dict[str, list[dict[str, float]]]:
    """Return what the head, and the root of the sum of both epistemic variances, are worth for some pairs."""
    first, second = (np.maximum(student.predict(own)["epistemic"], 0) for own in tokens)
    predicted = {
        "head": head.predict([pairs.first, pairs.second], verbose=0),
        "sum_of_variances": np.hypot(np.repeat(first, times, axis=0), second).astype(np.float64),
    }
    return {name: judge(values, pairs.std) for name, values in predicted.items()}
