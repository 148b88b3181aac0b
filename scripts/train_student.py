"""Distil one student from an ensemble, or several in one job."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from _training import labels_of, run
from degu.config.declarations import targets_of
from degu.data.store import SequenceStore, read_store
from degu.data.training_rows import training_rows
from degu.distillation.labelling import MemberLabels
from degu.distillation.pool import read_pool
from degu.distillation.targets import read_targets
from degu.distillation.training_data import student_data
from degu.formats.files import file_digest
from degu.models.layers.kmer_ridge import mean_kmer_ridge
from degu.outputs.outputs import Outputs
from degu.prediction.ensemble import models_of_seeds, read_predictions
from degu.prediction.predictor import Predictor
from degu.training.building import Inheritance
from degu.training.job import TrainingJob

if TYPE_CHECKING:
    from snakemake.script import Snakemake, snakemake


def read(snakemake: "Snakemake") -> TrainingJob:
    """Return what the rule trains; the store itself is not kept in memory."""
    params, wildcards, files = snakemake.params, snakemake.wildcards, snakemake.input
    store = read_store(files.store, only=())
    rows = training_rows(store, float(wildcards.fraction), params.seed)
    recipe, members = params.recipe, _members(snakemake, store)
    label = MemberLabels(members, targets_of(recipe)) if recipe["labels"] == "members" else None
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
        outputs=Outputs.of_recipe(recipe, store.targets[rows.subset], store.target_names),
        data=data,
        label=f"{wildcards.dataset} {wildcards.student} of {wildcards.teacher} fraction {wildcards.fraction} seed",
        labels=labels_of(wildcards),
        data_digest=file_digest(files.targets),
        flanks=store.attributes["flanks"],
        inheritance=_inheritance(recipe, members, params.folders),
    )


def _members(snakemake: "Snakemake", store: SequenceStore) -> list[Path]:
    """Return the models of the members that the student is distilled from; none if its training does not need them."""
    files, params = snakemake.input, snakemake.params
    if not files.ensemble:
        return []
    seeds = read_predictions(files.ensemble[0], store).seeds[: params.recipe["ensemble_size"]]
    return models_of_seeds(files.members, params.members, seeds)


def _inheritance(recipe: Mapping, paths: list[Path], numbers: Iterable[int]) -> dict[int, Inheritance]:
    """Return what each student has of the members: their ridge regression, and the weights of another one each."""
    with_weights, with_ridge = recipe["initial_weights"] == "member", bool(recipe["kmer_ridge_weight"])
    members = [Predictor(path) for path in paths] if with_weights or with_ridge else []
    ridge = mean_kmer_ridge([(member.model, member.outputs) for member in members]) if with_ridge else None
    models = {number: members[(number - 1) % len(members)].model for number in numbers} if with_weights else {}
    return {number: Inheritance(models.get(number), ridge) for number in numbers}


if __name__ == "__main__":
    with job(snakemake) as afterwards:
        run(snakemake, read, afterwards)
