"""Distil one student from an ensemble, or several in one job."""

from typing import TYPE_CHECKING

from _job import job
from _training import labels_of, run
from degu.data.store import read_store
from degu.data.training_rows import training_rows
from degu.distillation.targets import read_targets
from degu.distillation.training_data import student_data
from degu.formats.files import file_digest
from degu.outputs.outputs import Outputs
from degu.training.job import TrainingJob

if TYPE_CHECKING:
    from snakemake.script import Snakemake, snakemake


def read(snakemake: "Snakemake") -> TrainingJob:
    """Return what the rule trains; the store itself is not kept in memory."""
    params, wildcards, files = snakemake.params, snakemake.wildcards, snakemake.input
    store = read_store(files.store, only=())
    rows = training_rows(store, float(wildcards.fraction), params.seed)
    return TrainingJob(
        recipe=params.recipe,
        stage="student",
        seed=params.seed,
        code=params.code,
        outputs=Outputs.of_recipe(params.recipe, store.targets[rows.subset], store.target_names),
        data=student_data(store, rows, read_targets(files.targets, store), params.folders),
        label=f"{wildcards.dataset} {wildcards.student} of {wildcards.teacher} fraction {wildcards.fraction} seed",
        labels=labels_of(wildcards),
        data_digest=file_digest(files.targets),
        flanks=store.attributes["flanks"],
    )


if __name__ == "__main__":
    with job(snakemake):
        run(snakemake, read(snakemake))
