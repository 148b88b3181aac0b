"""Put the students of an ensemble into a folder that can be given away."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from _job import job
from degu.training.backend import prepare
from degu.data.store import read_store
from degu.package.assembly import calibration_of_profiles, facts_of, heads_by_split, parts_of, write_package
from degu.package.calibration import Calibration
from degu.package.construct import Construct
from degu.package.measured import measure_profiles
from degu.package.students import combine
from degu.package.substitutions import substitution_effects
from degu.prediction.ensemble import read_predictions
from degu.prediction.predictor import Predictor

if TYPE_CHECKING:
    from snakemake.script import Snakemake, snakemake

    from degu.data.store import SequenceStore
    from degu.package.folder import Part

# Constructs by which ONNX is compared with Keras.
COMPARED = 256


def package_profiles(
    store: "SequenceStore", path: Path, seeds: list[int], parts: "dict[str, Part]"
) -> dict[str, Any] | None:
    """Add the calibration of profiles to the parts of a folder, and return what is told of it; None without one."""
    if store.counts is None:
        return None
    read = read_predictions(path, store, profiles=True, only=("validation", "calibration", "test")).of_seeds(seeds)
    heads = heads_by_split(read, profiles=True)
    calibration = calibration_of_profiles(store, heads)
    if calibration is None:
        return None
    parts["profiles"] = calibration
    rows = store.rows("test")
    return measure_profiles(store.counts[rows], store.group[rows], heads["test"], calibration)


def package(snakemake: "Snakemake") -> None:
    """Write the folder that the rule asks for."""
    params, wildcards, files = snakemake.params, snakemake.wildcards, snakemake.input
    store = read_store(files.store, only=["counts"], units=params.units)
    predictions = read_predictions(files.predictions, store).of_seeds(params.seeds)
    heads = heads_by_split(predictions)
    students = [Predictor(path) for path in files.models]
    effects = substitution_effects(
        lambda tokens: combine([student.predict(tokens) for student in students]), store, seed=params.seed
    )
    parts = parts_of(store, heads, effects)
    calibration = parts["calibration"]
    assert isinstance(calibration, Calibration)
    profiles = package_profiles(store, Path(files.predictions), predictions.seeds, parts)
    facts = {
        **params.facts,
        "dataset": wildcards.dataset,
        "teacher": wildcards.teacher,
        "student": wildcards.student,
        "fraction": float(wildcards.fraction),
        "difference": json.loads(Path(files.difference[1]).read_text(encoding="utf-8")) if files.difference else None,
        **facts_of(store, students[0].heads, heads, calibration),
        "profiles": profiles,
    }
    write_package(
        Path(snakemake.output[0]),
        students=dict(zip(predictions.seeds, map(Path, files.models), strict=True)),
        difference=Path(files.difference[0]) if files.difference else None,
        facts=facts,
        construct=Construct.of_store(store, params.strands),
        parts=parts,
        figure=Path(files.figure[0]) if files.figure else None,
        compared=store.tokens[store.rows("calibration")][:COMPARED],
    )


if __name__ == "__main__":
    with job(snakemake):
        prepare(
            snakemake.threads,
            deterministic=snakemake.params.deterministic,
            gpu_expected=bool(snakemake.resources.gpu),
        )
        package(snakemake)
