"""Let the members of an ensemble label the sequences of a pool."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from degu.training.backend import prepare
from degu.data.store import read_store
from degu.data.training_rows import training_rows
from degu.distillation.drawing import draw_pool
from degu.distillation.labelling import label_sequences
from degu.distillation.pool import PARTS, Pool, write_pool
from degu.prediction.ensemble import models_of_seeds, read_predictions

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        params, files = snakemake.params, snakemake.input
        prepare(snakemake.threads, deterministic=params.deterministic, gpu_expected=bool(snakemake.resources.gpu))
        store = read_store(files.store, only=())
        rows = training_rows(store, float(snakemake.wildcards.fraction), params.seed)
        tokens = draw_pool(params.pool, store, rows, params.seed)
        logging.info("%s", ", ".join(f"{len(tokens[part]):,} sequences in the part {part}" for part in PARTS))
        seeds = read_predictions(files.ensemble, store).seeds
        models = models_of_seeds(files.models, params.seeds, seeds)
        predictions = label_sequences(models, seeds, tokens)
        write_pool(Pool(tokens, predictions), Path(snakemake.output[0]), store.digest, Path(files.ensemble))
