"""Distil one student from an ensemble, or several in one job."""

from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from _training import labels_of, run
from degu.config.declarations import targets_of
from degu.data.store import SequenceStore, read_store
from degu.data.training_rows import training_rows
from degu.distillation.inheritance import inheritance_of
from degu.distillation.labelling import MemberLabels
from degu.distillation.pool import read_pool
from degu.distillation.targets import read_targets
from degu.distillation.training_data import arrays_for_training, student_data
from degu.formats.files import file_digest
from degu.outputs.outputs import Outputs
from degu.prediction.ensemble import models_of_seeds, read_predictions
from degu.training.job import TrainingJob

if TYPE_CHECKING:
    from snakemake.script import Snakemake, snakemake


def read(snakemake: "Snakemake") -> TrainingJob:
    """Return what the rule trains; the store itself is not kept in memory."""
    params, wildcards, files = snakemake.params, snakemake.wildcards, snakemake.input
    recipe = params.recipe
    store = read_store(files.store, only=arrays_for_training(recipe))
    rows = training_rows(store, float(wildcards.fraction), params.seed, windows=recipe["windows"])
    members = _members(snakemake, store)
    label = None
    if recipe["labels"] == "members":
        label = MemberLabels(members, targets_of(recipe), recipe["profile_bins"])
    data = student_data(
        store,
        rows,
        read_targets(files.targets, store),
        recipe,
        params.folders,
        pool=read_pool(Path(files.pool[0]), store).tokens if recipe["pool"] else None,
        label=label,
        seed=params.seed,
    )
    return TrainingJob(
        recipe=recipe,
        stage="student",
        seed=params.seed,
        code=params.code,
        outputs=Outputs.of_recipe(recipe, store.targets[rows.subset], store.target_names, profile=store.profile_shape),
        data=data,
        label=f"{wildcards.dataset} {wildcards.student} of {wildcards.teacher} fraction {wildcards.fraction} seed",
        labels=labels_of(wildcards),
        data_digest=file_digest(files.targets),
        flanks=store.attributes["flanks"],
        inheritance=inheritance_of(recipe, members, params.folders),
    )


def _members(snakemake: "Snakemake", store: SequenceStore) -> list[Path]:
    """Return the models of the members that the student is distilled from; none if its training does not need them."""
    files, params = snakemake.input, snakemake.params
    if not files.ensemble:
        return []
    seeds = read_predictions(files.ensemble[0], store).seeds[: params.recipe["ensemble_size"]]
    return models_of_seeds(files.members, params.members, seeds)


if __name__ == "__main__":
    with job(snakemake) as afterwards:
        run(snakemake, read, afterwards)
