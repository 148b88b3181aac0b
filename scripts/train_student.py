"""Distil one student from an ensemble, or several in one job."""

from typing import TYPE_CHECKING

import numpy as np

from _job import job
from _training import train_and_save
from degu.data.splits import training_subset
from degu.data.store import read_store
from degu.distillation.targets import read_targets
from degu.formats.files import file_digest
from degu.outputs.outputs import Outputs
from degu.training.training import TrainingData

if TYPE_CHECKING:
    from snakemake.script import snakemake


def read(store_path: str, targets_path: str, params, fraction: float) -> dict:
    """Return what `train_and_save` is told of data and outputs; the store itself is not kept in memory."""
    store = read_store(store_path, only=())
    targets = read_targets(targets_path, store)
    train = training_subset(store.rows("train"), fraction, params.seed)
    chosen = np.searchsorted(store.rows("train"), train)
    data = TrainingData(
        store.tokens[train],
        {name: values[chosen] for name, values in targets["train"].items()},
        store.tokens[store.rows("validation")],
        targets["validation"],
    )
    return {
        "data": dict.fromkeys(params.folders, data),
        "outputs": Outputs.of_recipe(params.recipe, store.targets[train], store.target_names),
        "data_digest": file_digest(targets_path),
        "flanks": store.attributes["flanks"],
    }


if __name__ == "__main__":
    with job(snakemake):
        wildcards, files = snakemake.wildcards, snakemake.input
        train_and_save(
            snakemake,
            **read(files.store, files.targets, snakemake.params, float(wildcards.fraction)),
            stage="student",
            label=f"{wildcards.dataset} {wildcards.student} of {wildcards.teacher} fraction {wildcards.fraction} seed",
        )
