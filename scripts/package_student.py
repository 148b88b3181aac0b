"""Put the students of an ensemble into a folder that can be given away."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from _job import job
from degu import __version__
from degu.data.splits import SPLITS
from degu.data.store import read_store
from degu.formats.hdf5 import read_hdf5
from degu.package.background import Background
from degu.package.calibration import Calibration
from degu.package.card import card
from degu.package.construct import Construct
from degu.package.folder import CARD, folder_aside, write_contents
from degu.package.measured import measure
from degu.package.novelty import Novelty
from degu.package.students import combine
from degu.prediction.ensemble import Predictions, read_predictions
from degu.provenance.environment import code_commit, package_versions

if TYPE_CHECKING:
    from snakemake.script import Snakemake, snakemake


def heads_by_split(predictions: Predictions) -> dict[str, dict[str, np.ndarray]]:
    """Return the heads of the students together, (n, T) each, by split and head."""
    names = predictions.heads.heads
    return {
        split: combine([{name: predictions.heads.select(one, name) for name in names} for one in values])
        for split, values in predictions.values.items()
    }


def package(snakemake: "Snakemake") -> None:
    """Write the folder that the rule asks for."""
    params, wildcards, files = snakemake.params, snakemake.wildcards, snakemake.input
    store = read_store(files.store, only=(), units=params.units)
    predictions = read_predictions(files.predictions, store).of_seeds(params.seeds)
    heads = heads_by_split(predictions)
    construct = Construct.of_store(store, params.strands)
    rows = {split: store.rows(split) for split in SPLITS}
    calibration = Calibration.of_predictions(store.targets[rows["calibration"]], heads["calibration"], heads["train"])
    inserts = store.tokens[rows["train"], len(construct.left) : construct.length - len(construct.right)]
    with read_hdf5(files.substitutions, "effects of substitutions") as file:
        effects = file["effects"][:]
    parts = {
        "calibration": calibration,
        "novelty": Novelty.of_training(inserts, heads["train"].get("epistemic")),
        "background": Background.of_values(np.concatenate([heads[split]["mean"] for split in SPLITS]), effects),
    }
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
        "difference": json.loads(Path(files.difference[1]).read_text(encoding="utf-8")) if files.difference else None,
        "measured": measure(store.targets[rows["test"]], heads["test"], calibration),
        "degu": __version__,
        "commit": code_commit(),
        "versions": package_versions(),
    }
    models = dict(zip(predictions.seeds, map(Path, files.models), strict=True))
    with folder_aside(Path(snakemake.output[0])) as aside:
        write_contents(
            aside,
            students=models,
            difference=Path(files.difference[0]) if files.difference else None,
            facts=facts,
            construct=construct,
            parts=parts,
        )
        together = {**facts, "students": predictions.seeds, "construct": construct.to_json()}
        (aside / CARD).write_text(card(together), encoding="utf-8")


if __name__ == "__main__":
    with job(snakemake):
        package(snakemake)
