"""Train the head that predicts the uncertainty of a difference, on mutants that the members of an ensemble label."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from degu.training.backend import prepare
from degu.data.store import read_store
from degu.data.training_rows import training_rows
from degu.distillation.difference_training import fit_difference_head
from degu.formats.files import write_text
from degu.formats.tables import write_table
from degu.prediction.ensemble import models_of_seeds, read_predictions
from degu.prediction.predictor import Predictor
from degu.training.saving import save_network

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        files, params = snakemake.input, snakemake.params
        prepare(snakemake.threads, deterministic=params.deterministic, gpu_expected=bool(snakemake.resources.gpu))
        store = read_store(files.store, only=())
        training = training_rows(store, float(snakemake.wildcards.fraction), params.seed).subset
        seeds = read_predictions(files.ensemble, store).seeds[: params.ensemble_size]
        members = models_of_seeds(files.members, params.members, seeds)
        student = Predictor(files.student)
        fitted = fit_difference_head(student, members, store, training, params.seed, mutants=params.mutants)
        output = snakemake.output
        save_network(fitted.head, Path(output.model))
        write_text(Path(output.description), json.dumps(fitted.worth, indent=2) + "\n")
        write_table(fitted.pairs, output.pairs)
        write_table(fitted.coverage, output.coverage)
