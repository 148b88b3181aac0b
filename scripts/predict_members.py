"""Let every member of an ensemble, or every seed of a student, predict each split once."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from degu.training.backend import prepare
from degu.data.store import read_store
from degu.prediction.ensemble import write_predictions
from degu.prediction.predictor import predict_store

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        prepare(
            snakemake.threads,
            deterministic=snakemake.params.deterministic,
            gpu_expected=bool(snakemake.resources.gpu),
        )
        store = read_store(snakemake.input.store, only=())
        models = [Path(path) for path in snakemake.input.models]
        predictions = predict_store(models, snakemake.params.seeds, store, **snakemake.params.prediction)
        write_predictions(predictions, Path(snakemake.output[0]), store.digest)
        logging.info("%d models predicted %s sequences", len(models), f"{len(store):,}")
