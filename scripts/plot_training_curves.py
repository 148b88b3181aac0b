"""Draw the loss of every member and student against the epoch."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from _job import job
from degu.figures import style, training_curves

if TYPE_CHECKING:
    from snakemake.script import snakemake


def read_history(path: Path) -> pd.DataFrame:
    """Return a model's history, with what the model is."""
    description = json.loads(path.read_text())
    names = {key: description[key] for key in ("teacher", "student", "fraction")}
    model = f"{names['student']} of {names['teacher']}" if names["student"] else names["teacher"]
    return pd.DataFrame(description["history"]).assign(
        model=model, fraction=names["fraction"], seed=description["seed_number"]
    )


if __name__ == "__main__":
    with job(snakemake):
        history = pd.concat([read_history(Path(path)) for path in snakemake.input], ignore_index=True)
        style.save(training_curves.draw(history, snakemake.params.title), snakemake.output)
