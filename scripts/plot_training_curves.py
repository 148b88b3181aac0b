"""Draw the loss of every member and student against the epoch."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from _job import job
from degu.figures import style, training_curves
from degu.training.history import read_history

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        history = pd.concat([read_history(Path(path)) for path in snakemake.input], ignore_index=True)
        style.save(training_curves.draw(history, snakemake.params.title), snakemake.output)
