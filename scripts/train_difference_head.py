"""Train the head that predicts the uncertainty of a difference, on mutants that the members of an ensemble label."""

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from _job import job
from degu.training.backend import derive_seed, prepare
from degu.data.store import SequenceStore, read_store
from degu.data.training_rows import training_rows
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
from degu.formats.files import write_aside, write_text
from degu.prediction.ensemble import models_of_seeds, read_predictions
from degu.prediction.predictor import Predictor

if TYPE_CHECKING:
    from snakemake.script import Snakemake, snakemake


def sequences_of(store: SequenceStore, rows: dict[str, tuple[np.ndarray, int]], seed: int) -> dict[str, np.ndarray]:
    """Return sequences, (n, L), and under `NAME mutants` mutants of them, (n * times, L), for the rows of each part."""
    left, right = store.attributes["flanks"]
    insert = slice(left, store.tokens.shape[1] - right)
    rng = np.random.default_rng(derive_seed(seed, "difference", 2))
    tokens = {part: store.tokens[own] for part, (own, _) in rows.items()}
    mutants = {
        part: draw_mutants(np.repeat(tokens[part], times, axis=0), insert, rng) for part, (_, times) in rows.items()
    }
    return tokens | {f"{part} mutants": own for part, own in mutants.items()}


def train(snakemake: "Snakemake") -> None:
    """Train the head of the rule's student, and write it with what it is worth."""
    files, params = snakemake.input, snakemake.params
    store = read_store(files.store, only=())
    training = training_rows(store, float(snakemake.wildcards.fraction), params.seed).subset
    rng = np.random.default_rng(derive_seed(params.seed, "difference", 3))
    parts = {"train": training, "calibration": store.rows("calibration"), "test": store.rows("test")}
    rows = {part: rows_of_pairs(own, rng) for part, own in parts.items()}
    tokens = sequences_of(store, rows, params.seed)
    seeds = read_predictions(files.ensemble, store).seeds[: params.ensemble_size]
    labels = label_sequences(models_of_seeds(files.members, params.members, seeds), seeds, tokens)
    student = Predictor(files.student)
    features = features_of(student.model)
    pairs = {}
    for part, (_, times) in rows.items():
        first, second = (labels.heads.select(labels.values[name], "mean") for name in (part, f"{part} mutants"))
        pairs[part] = Pairs(
            np.repeat(features(tokens[part]), times, axis=0),
            features(tokens[f"{part} mutants"]),
            std_of_difference(np.repeat(first, times, axis=1), second),
        )
    logging.info("%s pairs to train on", f"{len(pairs['train'].std):,}")
    head = train_difference_head(pairs["train"], params.seed)
    found = {}
    for part in ("calibration", "test"):
        own, times = pairs[part], rows[part][1]
        first, second = (
            np.maximum(student.predict(tokens[name])["epistemic"], 0) for name in (part, f"{part} mutants")
        )
        predicted = {
            "head": head.predict([own.first, own.second], verbose=0),
            "sum_of_variances": np.hypot(np.repeat(first, times, axis=0), second).astype(np.float64),
        }
        found[part] = {name: judge(values, own.std) for name, values in predicted.items()}
    logging.info("on the test split: %s", found["test"])
    with write_aside(Path(snakemake.output.model)) as aside:
        head.save(aside)
    write_text(Path(snakemake.output.description), json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    with job(snakemake):
        prepare(
            snakemake.threads,
            deterministic=snakemake.params.deterministic,
            gpu_expected=bool(snakemake.resources.gpu),
        )
        train(snakemake)
