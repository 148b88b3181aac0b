"""Train one member of an ensemble."""

from typing import TYPE_CHECKING

import numpy as np

from _job import job
from _training import train_and_save
from degu.declarations import targets_of
from degu.distillation import measured_targets
from degu.outputs import Outputs
from degu.resampling import resampling_counts
from degu.splits import training_subset
from degu.store import read_store
from degu.training import TrainingData

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        params, wildcards = snakemake.params, snakemake.wildcards
        store = read_store(snakemake.input.store, only=())
        targets = measured_targets(store, targets_of(params.recipe))
        train = subset = training_subset(store.rows("train"), float(wildcards.fraction), params.seed)
        if params.resampling:
            counts = resampling_counts(store.group[subset], **params.resampling)
            # The members of a reference ensemble come after the others, and are drawn like them.
            train = np.repeat(subset, counts[(int(wildcards.seed) - 1) % len(counts)])
        validation = store.rows("validation")
        outputs = Outputs.of_recipe(params.recipe, store.targets[subset], store.target_names)
        data = TrainingData(
            store.tokens[train],
            {name: values[train] for name, values in targets.items()},
            store.tokens[validation],
            {name: values[validation] for name, values in targets.items()},
        )
        train_and_save(
            snakemake,
            data,
            outputs,
            stage="member",
            label=f"{wildcards.dataset} {wildcards.teacher} fraction {wildcards.fraction} member {wildcards.seed}",
            data_digest=store.digest,
            flanks=store.attributes["flanks"],
        )
