"""Train one member of an ensemble, or several in one job."""

from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from _training import labels_of, run
from degu.data.kmer_ridge import kmer_ridge_of
from degu.data.store import read_store
from degu.data.training_rows import training_rows
from degu.distillation.training_data import arrays_for_training, member_data
from degu.outputs.outputs import Outputs
from degu.prediction.bias import read_bias
from degu.training.building import Inheritance
from degu.training.job import TrainingJob

if TYPE_CHECKING:
    from snakemake.script import Snakemake, snakemake


def read(snakemake: "Snakemake") -> TrainingJob:
    """Return what the rule trains; the store itself is not kept in memory."""
    params, wildcards = snakemake.params, snakemake.wildcards
    store = read_store(snakemake.input.store, only=arrays_for_training(params.recipe))
    recipe, files = params.recipe, snakemake.input
    rows = training_rows(store, float(wildcards.fraction), params.seed, params.resampling, recipe["windows"])
    bias = read_bias(Path(files.bias[0]), store, rows.subset) if recipe["bias"] else None
    # All members leave out as much, whichever sequences each of them is trained on.
    chooses = store.margin and recipe["kmer_ridge_weight"]
    return TrainingJob(
        recipe=recipe,
        stage="member",
        seed=params.seed,
        code=params.code,
        outputs=Outputs.of_recipe(recipe, store.targets[rows.subset], store.target_names, profile=store.profile_shape),
        data=member_data(store, rows, recipe, params.folders),
        label=f"{wildcards.dataset} {wildcards.teacher} fraction {wildcards.fraction} member",
        labels=labels_of(wildcards),
        data_digest=store.digest,
        flanks=store.attributes["flanks"],
        inheritance=dict.fromkeys(params.folders, Inheritance(bias=bias)),
        kmer_margin=kmer_ridge_of(store, rows.subset).margin if chooses else 0,
    )


if __name__ == "__main__":
    with job(snakemake) as afterwards:
        run(snakemake, read, afterwards)
