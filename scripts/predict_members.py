"""Let every member of an ensemble, or every seed of a student, predict each split once."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from degu.training.backend import prepare
from degu.data.store import read_store
from degu.prediction.ensemble import write_predictions
from degu.prediction.predictor import predict_store
from degu.prediction.unlearned import leave_out, models_that_have_not_learned

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        params = snakemake.params
        prepare(snakemake.threads, deterministic=params.deterministic, gpu_expected=bool(snakemake.resources.gpu))
        store = read_store(snakemake.input.store, only=())
        models = [Path(path) for path in snakemake.input.models]
        predictions = predict_store(models, params.seeds, store, **params.prediction)
        logging.info("%d models predicted %s sequences", len(models), f"{len(store):,}")
        unlearned = models_that_have_not_learned(store, predictions, models)
        for seed, correlation in unlearned.items():
            logging.warning("%s %d has not learned: r = %.3f on the validation split", params.model, seed, correlation)
        if unlearned and params.unlearned == "leave_out":
            predictions = leave_out(predictions, list(unlearned))
        write_predictions(predictions, Path(snakemake.output[0]), store.digest)
