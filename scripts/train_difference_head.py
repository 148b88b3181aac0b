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
    PAIRS_A_SEQUENCE,
    Pairs,
    draw_mutants,
    features_of,
    judge,
    std_of_difference,
    train_difference_head,
)
from degu.distillation.labelling import label_sequences
from degu.formats.files import write_aside, write_text
from degu.prediction.ensemble import models_of_seeds, read_predictions
from degu.prediction.predictor import Predictor

if TYPE_CHECKING:
    from snakemake.script import Snakemake, snakemake


def sequences_of(store: SequenceStore, rows: dict[str, np.ndarray], seed: int) -> dict[str, np.ndarray]:
    """Return sequences and, under `NAME mutants`, a mutant of each, (n, L), for the rows of each part."""
    left, right = store.attributes["flanks"]
    insert = slice(left, store.tokens.shape[1] - right)
    rng = np.random.default_rng(derive_seed(seed, "difference", 2))
    tokens = {part: store.tokens[own] for part, own in rows.items()}
    return tokens | {f"{part} mutants": draw_mutants(own, insert, rng) for part, own in tokens.items()}


def train(snakemake: "Snakemake") -> None:
    """Train the head of the rule's student, and write it with what it is worth."""
    files, params = snakemake.input, snakemake.params
    store = read_store(files.store, only=())
    training = training_rows(store, float(snakemake.wildcards.fraction), params.seed).subset
    rows = {
        "train": np.repeat(training, PAIRS_A_SEQUENCE),
        "calibration": np.repeat(store.rows("calibration"), PAIRS_A_SEQUENCE),
        "test": np.repeat(store.rows("test"), PAIRS_A_SEQUENCE),
    }
    tokens = sequences_of(store, rows, params.seed)
    seeds = read_predictions(files.ensemble, store).seeds[: params.ensemble_size]
    labels = label_sequences(models_of_seeds(files.members, params.members, seeds), seeds, tokens)
    student = Predictor(files.student)
    features = features_of(student.model)
    pairs = {}
    for part in rows:
        first, second = (labels.heads.select(labels.values[name], "mean") for name in (part, f"{part} mutants"))
        pairs[part] = Pairs(
            features(tokens[part]), features(tokens[f"{part} mutants"]), std_of_difference(first, second)
        )
    logging.info("%s pairs to train on", f"{len(pairs['train'].std):,}")
    head = train_difference_head(pairs["train"], params.seed)
    found = {}
    for part in ("calibration", "test"):
        own = pairs[part]
        epistemic = [np.maximum(student.predict(tokens[name])["epistemic"], 0) for name in (part, f"{part} mutants")]
        predicted = {
            "head": head.predict([own.first, own.second], verbose=0),
            "sum_of_variances": np.hypot(*epistemic).astype(np.float64),
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
