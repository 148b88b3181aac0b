"""Predict what single substitutions in the calibration sequences change, as the background of variants."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from _job import job
from degu.training.backend import derive_seed, prepare
from degu.data.store import read_store
from degu.formats.hdf5 import write_hdf5
from degu.package.background import effects_of_substitutions
from degu.package.students import combine
from degu.prediction.predictor import Predictor

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        params = snakemake.params
        prepare(snakemake.threads, deterministic=params.deterministic, gpu_expected=bool(snakemake.resources.gpu))
        store = read_store(snakemake.input.store, only=())
        left, right = store.attributes["flanks"]
        students = [Predictor(Path(path)) for path in snakemake.input.models]
        effects = effects_of_substitutions(
            lambda tokens: combine([student.predict(tokens) for student in students])["mean"],
            store.tokens[store.rows("calibration")],
            slice(left, store.tokens.shape[1] - right),
            number=params.number,
            rng=np.random.default_rng(derive_seed(params.seed, "substitutions", 1)),
        )
        with write_hdf5(snakemake.output[0]) as file:
            file.create_dataset("effects", data=effects)
        logging.info("%s substitutions", f"{len(effects):,}")
