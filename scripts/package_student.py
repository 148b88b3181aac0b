"""Put the students of an ensemble into a folder that can be given away."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from _job import job
from degu import __version__
from degu.data.splits import SPLITS
from degu.data.store import SequenceStore, read_store
from degu.package.background import Background, effects_of_substitutions
from degu.package.calibration import Calibration
from degu.package.card import card
from degu.package.construct import Construct
from degu.package.folder import CARD, folder_aside, write_contents
from degu.package.measured import measure
from degu.package.novelty import Novelty
from degu.package.students import combine
from degu.prediction.ensemble import Predictions, read_predictions
from degu.prediction.predictor import Predictor
from degu.provenance.environment import code_commit, package_versions
from degu.training.backend import derive_seed, prepare

if TYPE_CHECKING:
    from snakemake.script import Snakemake, snakemake

# Substitutions whose effects are the background of variants.
SUBSTITUTIONS = 10_000


def heads_by_split(predictions: Predictions) -> dict[str, dict[str, np.ndarray]]:
    """Return the heads of the students together, (n, T) each, by split and head."""
    names = predictions.heads.heads
    return {
        split: combine([{name: predictions.heads.select(one, name) for name in names} for one in values])
        for split, values in predictions.values.items()
    }


def background(
    store: SequenceStore, heads: dict[str, dict[str, np.ndarray]], models: list[Path], construct: Construct, seed: int
) -> Background:
    """Return the quantiles of activities and of the effects of substitutions in calibration sequences."""
    students = [Predictor(path) for path in models]
    insert = slice(len(construct.left), construct.length - len(construct.right))
    effects = effects_of_substitutions(
        lambda tokens: combine([student.predict(tokens) for student in students])["mean"],
        store.tokens[store.rows("calibration")],
        insert,
        number=SUBSTITUTIONS,
        rng=np.random.default_rng(derive_seed(seed, "substitutions")),
    )
    return Background.of_values(np.concatenate([heads[split]["mean"] for split in SPLITS]), effects)


def package(snakemake: "Snakemake") -> None:
    """Write the folder that the rule asks for."""
    params, wildcards = snakemake.params, snakemake.wildcards
    store = read_store(snakemake.input.store, only=(), units=params.units)
    predictions = read_predictions(snakemake.input.predictions, store).first(params.students, where="study.packaged")
    models = [Path(path) for path in snakemake.input.models][: params.students]
    heads = heads_by_split(predictions)
    construct = Construct.of_store(store, params.strands)
    inserts = store.tokens[:, len(construct.left) : construct.length - len(construct.right)]
    rows = {split: store.rows(split) for split in SPLITS}
    calibration = Calibration.of_predictions(
        store.targets[rows["calibration"]], heads["calibration"], heads["train"]
    )
    parts = {
        "calibration": calibration,
        "novelty": Novelty.of_training(inserts[rows["train"]], heads["train"].get("epistemic")),
        "background": background(store, heads, models, construct, params.seed),
    }
    facts = {
        **params.facts,
        "dataset": wildcards.dataset,
        "teacher": wildcards.teacher,
        "student": wildcards.student,
        "fraction": float(wildcards.fraction),
        "students": predictions.seeds,
        "targets": store.target_names,
        "units": store.units,
        "heads": list(predictions.heads.heads),
        "construct": construct.to_json(),
        "data_digest": store.digest,
        "calibration_rows": len(calibration),
        "measured": measure(store.targets[rows["test"]], heads["test"], calibration),
        "degu": __version__,
        "commit": code_commit(),
        "versions": package_versions(),
    }
    with folder_aside(Path(snakemake.output[0])) as aside:
        write_contents(
            aside, students=dict(zip(predictions.seeds, models, strict=True)), facts=facts, construct=construct, parts=parts
        )
        (aside / CARD).write_text(card(facts), encoding="utf-8")


if __name__ == "__main__":
    with job(snakemake):
        prepare(snakemake.threads, deterministic=snakemake.params.deterministic, gpu_expected=False)
        package(snakemake)
