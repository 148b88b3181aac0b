"""Train one member of an ensemble."""

from typing import TYPE_CHECKING

from _job import job
from _training import train_and_save
from degu.distillation import measured_values
from degu.heads import Heads
from degu.splits import training_subset
from degu.store import read_store
from degu.training import TrainingData

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        params, wildcards = snakemake.params, snakemake.wildcards
        store = read_store(snakemake.input.store, only=())
        heads = Heads.of_recipe(params.recipe, store.target_names)
        outputs = heads.to_outputs(measured_values(store, heads))
        train = training_subset(store.rows("train"), float(wildcards.fraction), params.seed)
        validation = store.rows("validation")
        data = TrainingData(store.tokens[train], outputs[train], store.tokens[validation], outputs[validation])
        train_and_save(
            snakemake,
            data,
            heads,
            stage="member",
            label=f"{wildcards.dataset} {wildcards.teacher} fraction {wildcards.fraction} member {wildcards.seed}",
            data_digest=store.digest,
            flanks=store.attributes["flanks"],
        )
