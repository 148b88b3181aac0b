"""Distil one student from an ensemble, or several in one job."""

from typing import TYPE_CHECKING

import numpy as np

from _job import job
from _training import train_and_save
from degu.files import file_digest
from degu.outputs import Outputs
from degu.splits import training_subset
from degu.store import read_store
from degu.targets import read_targets
from degu.training import TrainingData

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        params, wildcards = snakemake.params, snakemake.wildcards
        store = read_store(snakemake.input.store, only=())
        targets = read_targets(snakemake.input.targets, store)
        train = training_subset(store.rows("train"), float(wildcards.fraction), params.seed)
        chosen = np.searchsorted(store.rows("train"), train)
        data = TrainingData(
            store.tokens[train],
            {name: values[chosen] for name, values in targets["train"].items()},
            store.tokens[store.rows("validation")],
            targets["validation"],
        )
        outputs = Outputs.of_recipe(params.recipe, store.targets[train], store.target_names)
        train_and_save(
            snakemake,
            dict.fromkeys(params.folders, data),
            outputs,
            stage="student",
            label=f"{wildcards.dataset} {wildcards.student} of {wildcards.teacher} fraction {wildcards.fraction} seed",
            data_digest=file_digest(snakemake.input.targets),
            flanks=store.attributes["flanks"],
        )
