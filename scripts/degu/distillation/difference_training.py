"""The training of the head for the uncertainty of a difference, on mutants that the members of an ensemble label."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

import keras
import numpy as np

from degu.training.backend import derive_seed
from degu.data.store import SequenceStore
from degu.distillation.differences import (
    PAIRS_A_SEQUENCE,
    Pairs,
    draw_mutants,
    features_of,
    judge,
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
    rows = {"train": training, "calibration": store.rows("calibration"), "test": store.rows("test")}
    tokens = _sequences(store, {part: np.repeat(own, PAIRS_A_SEQUENCE) for part, own in rows.items()}, seed)
    labels = label_sequences(members, range(1, len(members) + 1), tokens)
    features = features_of(student.model)
    pairs = {}
    for part in rows:
        first, second = (labels.heads.select(labels.values[name], "mean") for name in (part, f"{part} mutants"))
        pairs[part] = Pairs(
            features(tokens[part]), features(tokens[f"{part} mutants"]), std_of_difference(first, second)
        )
    log.info("%s pairs to train on", f"{len(pairs['train'].std):,}")
    head = train_difference_head(pairs["train"], seed)
    worth = {
        part: _worth(head, student, pairs[part], (tokens[part], tokens[f"{part} mutants"]))
        for part in ("calibration", "test")
    }
    log.info("on the test split: %s", worth["test"])
    return head, worth


def _sequences(store: SequenceStore, rows: Mapping[str, np.ndarray], seed: int) -> dict[str, np.ndarray]:
    """Return sequences and, under `NAME mutants`, a mutant of each, (n, L), for the rows of each part."""
    left, right = store.attributes["flanks"]
    insert = slice(left, store.tokens.shape[1] - right)
    rng = np.random.default_rng(derive_seed(seed, "difference", 2))
    tokens = {part: store.tokens[own] for part, own in rows.items()}
    return tokens | {f"{part} mutants": draw_mutants(own, insert, rng) for part, own in tokens.items()}


def _worth(
    head: keras.Model, student: Predictor, pairs: Pairs, tokens: tuple[np.ndarray, np.ndarray]
) -> dict[str, list[dict[str, float]]]:
    """Return what the head, and the root of the sum of both epistemic variances, are worth for some pairs."""
    epistemic = [np.maximum(student.predict(own)["epistemic"], 0) for own in tokens]
    predicted = {
        "head": head.predict([pairs.first, pairs.second], verbose=0),
        "sum_of_variances": np.hypot(*epistemic).astype(np.float64),
    }
    return {name: judge(values, pairs.std) for name, values in predicted.items()}
