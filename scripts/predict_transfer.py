"""Let the models of a data set predict the sequences of another one."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from degu.training.backend import prepare
from degu.data.store import read_store
from degu.prediction.ensemble import models_of_seeds, read_predictions, write_predictions
from degu.prediction.predictor import predict_members
from degu.shift.transfer import PARTS, population

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        files, params = snakemake.input, snakemake.params
        prepare(snakemake.threads, deterministic=params.deterministic, gpu_expected=bool(snakemake.resources.gpu))
        store, other = read_store(files.store, only=()), read_store(files.other, only=())
        kept = read_predictions(files.predictions, store).seeds
        parts = {part: population(store, other, part, params.targets).tokens for part in PARTS}
        models = models_of_seeds(files.models, params.seeds, kept)
        predictions = predict_members(models, kept, parts, **params.prediction)
        write_predictions(predictions, Path(snakemake.output[0]), store.digest)
        logging.info("%d models predicted %s sequences", len(models), f"{sum(map(len, parts.values())):,}")
