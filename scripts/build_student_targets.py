"""Turn an ensemble's predictions into one student's targets."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from _job import job
from degu.distillation import student_values
from degu.ensemble import read_predictions
from degu.heads import Heads
from degu.store import read_store
from degu.targets import write_targets

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        recipe = snakemake.params.recipe
        store = read_store(snakemake.input.store, only=())
        ensemble = read_predictions(snakemake.input.predictions, store)
        if recipe["ensemble_size"] is not None:
            ensemble = ensemble.first(recipe["ensemble_size"])
        heads = Heads.of_recipe(recipe, store.target_names)
        targets = student_values(store, ensemble, heads)
        for index, (head, target) in enumerate(heads.columns):
            values = targets["train"][:, index]
            floored = f", {int((values < heads.floor).sum()):,} at the floor" if heads.scale == "log_variance" else ""
            logging.info(
                "%s of %s over the training split: mean %.4g, std %.4g%s",
                head,
                target,
                np.mean(values),
                np.std(values),
                floored if head != "mean" else "",
            )
        write_targets(targets, heads, Path(snakemake.output[0]), store.digest)
