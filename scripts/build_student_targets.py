"""Turn an ensemble's predictions into one student's targets."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from _job import job
from degu.config.declarations import targets_of
from degu.data.store import read_store
from degu.distillation.labels import student_targets
from degu.distillation.pool import read_pool
from degu.distillation.targets import write_targets
from degu.prediction.ensemble import read_predictions

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        recipe = snakemake.params.recipe
        store = read_store(snakemake.input.store, only=())
        path = Path(snakemake.input.predictions)
        ensemble, pool = read_predictions(path, store, profiles=True), None
        if recipe["pool"]:
            pool = read_pool(Path(snakemake.input.pool[0]), store, ensemble=path).predictions
        where = "student '{student}' of '{teacher}', {dataset}, fraction {fraction}".format(**snakemake.wildcards)
        ensemble = ensemble.first(recipe["ensemble_size"], where=where)
        pool = pool and pool.first(recipe["ensemble_size"], where=where)
        targets = student_targets(
            store,
            ensemble,
            targets_of(recipe),
            validation=recipe["validation_targets"],
            pool=pool,
            bins=recipe["profile_bins"],
        )
        floor = recipe["uncertainty"]["floor"]
        for name, values in targets["train"].items():
            logging.info(
                "%s over the training split: mean %.4g, std %.4g, %s values below the floor of %g",
                name,
                np.mean(values),
                np.std(values),
                f"{int((values < floor).sum()):,}" if name == "epistemic" else "no",
                floor,
            )
        write_targets(targets, Path(snakemake.output[0]), store.digest)
