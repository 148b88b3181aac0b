"""Predict what single substitutions in the calibration sequences change, as the background of variants."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from degu.training.backend import prepare
from degu.data.store import read_store
from degu.formats.hdf5 import write_hdf5
from degu.package.students import combine
from degu.package.substitutions import substitution_effects
from degu.prediction.predictor import Predictor

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        params = snakemake.params
        prepare(snakemake.threads, deterministic=params.deterministic, gpu_expected=bool(snakemake.resources.gpu))
        store = read_store(snakemake.input.store, only=())
        students = [Predictor(Path(path)) for path in snakemake.input.models]
        effects = substitution_effects(
            lambda tokens: combine([student.predict(tokens) for student in students]),
            store,
            number=params.number,
            seed=params.seed,
        )
        with write_hdf5(snakemake.output[0]) as file:
            file.create_dataset("effects", data=effects)
        logging.info("%s substitutions", f"{len(effects):,}")
