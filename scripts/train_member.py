"""Train one member of an ensemble, or several in one job."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from _job import job
from _training import train_and_save
from degu.config.declarations import targets_of
from degu.data.resampling import resampling_counts
from degu.data.splits import training_subset
from degu.data.store import SequenceStore, read_store
from degu.distillation.labels import measured_targets
from degu.outputs.outputs import Outputs
from degu.training.training import TrainingData

if TYPE_CHECKING:
    from snakemake.script import snakemake


def data_of_rows(store: SequenceStore, targets: Mapping[str, np.ndarray], train: np.ndarray) -> TrainingData:
    """Return what a member is trained on: the measurements of some rows."""
    (tokens, own), (validation_tokens, validation) = (
        (store.tokens[rows], {name: values[rows] for name, values in targets.items()})
        for rows in (train, store.rows("validation"))
    )
    return TrainingData(tokens, own, validation_tokens, validation)


def read(path: str, params, fraction: float) -> dict:
    """Return what `train_and_save` is told of data and outputs; the store itself is not kept in memory."""
    store = read_store(path, only=())
    targets = measured_targets(store, targets_of(params.recipe))
    subset = training_subset(store.rows("train"), fraction, params.seed)
    if params.resampling:
        counts = resampling_counts(store.group[subset], **params.resampling)
        # The members of a reference ensemble come after the others, and are drawn like them.
        rows = {seed: np.repeat(subset, counts[(seed - 1) % len(counts)]) for seed in params.folders}
        data = {seed: data_of_rows(store, targets, train) for seed, train in rows.items()}
    else:
        data = dict.fromkeys(params.folders, data_of_rows(store, targets, subset))
    return {
        "data": data,
        "outputs": Outputs.of_recipe(params.recipe, store.targets[subset], store.target_names),
        "data_digest": store.digest,
        "flanks": store.attributes["flanks"],
    }


if __name__ == "__main__":
    with job(snakemake):
        wildcards = snakemake.wildcards
        train_and_save(
            snakemake,
            **read(snakemake.input.store, snakemake.params, float(wildcards.fraction)),
            stage="member",
            label=f"{wildcards.dataset} {wildcards.teacher} fraction {wildcards.fraction} member",
        )
