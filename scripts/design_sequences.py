"""Let models change sequences of the test split step by step, so that what they promise rises."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from degu.training.backend import prepare
from degu.config.plugins import constant
from degu.data.known_truth import known_truth
from degu.data.store import read_store
from degu.design.designer import Designer
from degu.design.designs import draw_designs
from degu.design.promise import ENSEMBLE, index_of
from degu.prediction.ensemble import models_of_seeds, read_predictions
from degu.prediction.predictor import Predictor
from degu.shift.ladder import chosen_rows, with_truth, write_ladder

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        files, params = snakemake.input, snakemake.params
        prepare(snakemake.threads, deterministic=params.deterministic, gpu_expected=bool(snakemake.resources.gpu))
        store, design = read_store(files.store, only=()), params.design
        truth = known_truth(params.truth, {name: files[name] for name in params.sources})
        # Members that have not learned may have been left out of their ensemble.
        models = models_of_seeds(files.models, params.seeds, read_predictions(files.predictions, store).seeds)
        rows = chosen_rows(store, params.sequences, params.seed)
        flanks = tuple(store.attributes["flanks"])
        designer = Designer(
            [Predictor(path) for path in (models if design["designer"] == ENSEMBLE else models[:1])],
            index_of(design["target"], store),
            design["penalty"],
            store.tokens[0],
            flanks,
        )
        rungs = draw_designs(design, designer, store.tokens[rows], flanks, params.seed)
        write_ladder(
            Path(snakemake.output[0]),
            (with_truth(rung, truth) for rung in rungs),
            rows,
            store.digest,
            name=design["name"],
            level_word=constant("search", design["search"], "LEVEL", "step"),
            has_start=True,
        )
        logging.info("%s sequences after the steps %s", f"{len(rows):,}", design["steps"])
