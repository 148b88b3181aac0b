"""Put the students of an ensemble into a folder that can be given away."""

import json
import logging
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from _job import job
from degu.training.backend import derive_seed, prepare
from degu import __version__
from degu.data.splits import SPLITS
from degu.data.store import read_store
from degu.errors import DeguError
from degu.package.background import Background, effects_of_substitutions
from degu.package.calibration import Calibration
from degu.package.card import FIGURE, card
from degu.package.construct import Construct
from degu.package.folder import CARD, Part, folder_aside, write_contents
from degu.package.keras_networks import export_networks
from degu.package.measured import measure
from degu.package.novelty import Novelty
from degu.package.students import combine
from degu.prediction.ensemble import Predictions, read_predictions
from degu.prediction.predictor import Predictor
from degu.provenance.environment import code_commit, package_versions

if TYPE_CHECKING:
    from snakemake.script import Snakemake, snakemake

# Random substitutions in the background of variants.
SUBSTITUTIONS = 10_000
# Constructs by which ONNX is compared with Keras.
COMPARED = 256


def heads_by_split(predictions: Predictions) -> dict[str, dict[str, np.ndarray]]:
    """Return the heads of the students together, (n, T) each, by split and head."""
    names = predictions.heads.heads
    return {
        split: combine([{name: predictions.heads.select(one, name) for name in names} for one in values])
        for split, values in predictions.values.items()
    }


def write_onnx(folder: Path, students: dict[int, Path], difference: Path | None, tokens: np.ndarray) -> float | None:
    """Write the students as ONNX too, where their layers allow it, and return the distance from Keras."""
    try:
        distance = export_networks(folder, students, difference, tokens)
    except DeguError as error:
        logging.warning("the student is not written as ONNX, and is computed by Keras: %s", error)
        return None
    logging.info("ONNX differs from Keras by %.1g of the greatest value at most", distance)
    return distance


def package(snakemake: "Snakemake") -> None:
    """Write the folder that the rule asks for."""
    params, wildcards, files = snakemake.params, snakemake.wildcards, snakemake.input
    store = read_store(files.store, only=(), units=params.units)
    predictions = read_predictions(files.predictions, store).of_seeds(params.seeds)
    heads = heads_by_split(predictions)
    construct = Construct.of_store(store, params.strands)
    insert = slice(len(construct.left), construct.length - len(construct.right))
    rows = {split: store.rows(split) for split in SPLITS}
    calibration = Calibration.of_predictions(store.targets[rows["calibration"]], heads["calibration"], heads["train"])
    models = dict(zip(predictions.seeds, map(Path, files.models), strict=True))
    difference = Path(files.difference[0]) if files.difference else None
    students = [Predictor(path) for path in models.values()]
    effects = effects_of_substitutions(
        lambda tokens: combine([student.predict(tokens) for student in students])["mean"],
        store.tokens[rows["calibration"]],
        insert,
        number=SUBSTITUTIONS,
        rng=np.random.default_rng(derive_seed(params.seed, "substitutions", 1)),
    )
    parts: dict[str, Part] = {
        "calibration": calibration,
        "novelty": Novelty.of_training(store.tokens[rows["train"], insert], heads["train"].get("epistemic")),
        "background": Background.of_values(np.concatenate([heads[split]["mean"] for split in SPLITS]), effects),
    }
    with folder_aside(Path(snakemake.output[0])) as aside:
        facts = {
            **params.facts,
            "dataset": wildcards.dataset,
            "teacher": wildcards.teacher,
            "student": wildcards.student,
            "fraction": float(wildcards.fraction),
            "targets": store.target_names,
            "units": store.units,
            "heads": list(predictions.heads.heads),
            "data_digest": store.digest,
            "calibration_rows": len(calibration),
            "difference": json.loads(Path(files.difference[1]).read_text(encoding="utf-8")) if difference else None,
            "onnx_distance": write_onnx(aside, models, difference, store.tokens[rows["calibration"]][:COMPARED]),
            "measured": measure(store.targets[rows["test"]], heads["test"], calibration),
            "degu": __version__,
            "commit": code_commit(),
            "versions": package_versions(),
        }
        if files.figure:
            shutil.copyfile(files.figure[0], aside / FIGURE)
        content = write_contents(
            aside, students=models, difference=difference, facts=facts, construct=construct, parts=parts
        )
        (aside / CARD).write_text(card(content), encoding="utf-8")


if __name__ == "__main__":
    with job(snakemake):
        prepare(
            snakemake.threads,
            deterministic=snakemake.params.deterministic,
            gpu_expected=bool(snakemake.resources.gpu),
        )
        package(snakemake)
