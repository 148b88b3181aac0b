"""The losses of a trained model, epoch by epoch, read from the description beside it."""

import json
from pathlib import Path

import pandas as pd


def read_history(path: Path) -> pd.DataFrame:
    """Return the history of one model, with columns that say which model it is.

    Parameters
    ----------
    path
        The model's description, `model.json`.

    Returns
    -------
    One row for each epoch, with the columns of the recorded history (`epoch`, `loss`, `val_loss`, ...), and `model`
    (the name of the teacher, or `student of teacher`), `fraction` and `seed`
    """
    description = json.loads(path.read_text(encoding="utf-8"))
    teacher, student = description["teacher"], description["student"]
    return pd.DataFrame(description["history"]).assign(
        model=f"{student} of {teacher}" if student else teacher,
        fraction=description["fraction"],
        seed=description["seed_number"],
    )
