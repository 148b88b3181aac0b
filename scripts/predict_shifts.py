"""Let models predict the sequences of all shifts."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from degu.training.backend import prepare
from degu.data.store import read_store
from degu.prediction.ensemble import models_of_seeds, read_predictions, write_predictions
from degu.prediction.predictor import predict_members
from degu.shift.ladder import read_ladder
from degu.shift.prediction import Parts

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        files, params = snakemake.input, snakemake.params
        prepare(snakemake.threads, deterministic=params.deterministic, gpu_expected=bool(snakemake.resources.gpu))
        store = read_store(files.store, only=())
        # Members that have not learned may have been left out of their ensemble.
        known = files.get("predictions")
        kept = read_predictions(known, store).seeds if known else params.seeds
        parts = Parts(store, [read_ladder(path, store.digest) for path in files.ladders])
        models = models_of_seeds(files.models, params.seeds, kept)
        predictions = predict_members(models, kept, parts, **params.prediction)
        write_predictions(predictions, Path(snakemake.output[0]), store.digest)
        logging.info("%d models predicted %d populations of sequences", len(models), len(parts))
