"""The history of a model, read from its description."""

import json
from pathlib import Path

import pandas as pd
import pytest

from degu.training.history import read_history

HISTORY = [{"epoch": 1, "loss": 0.9, "val_loss": 1.1}, {"epoch": 2, "loss": 0.5, "val_loss": 0.8}]


def written(folder: Path, student: str | None) -> Path:
    """Write a description such as training leaves beside a model, and return its path."""
    description = {"teacher": "small", "student": student, "fraction": 0.25, "seed": 551901262, "seed_number": 3}
    path = folder / "model.json"
    path.write_text(json.dumps({**description, "history": HISTORY, "seconds_training": 6.4}))
    return path


@pytest.mark.parametrize(("student", "model"), [(None, "small"), ("degu", "degu of small")])
def test_a_history_says_which_model_it_is_of(student, model, tmp_path):
    expected = pd.DataFrame(HISTORY).assign(model=model, fraction=0.25, seed=3)
    pd.testing.assert_frame_equal(read_history(written(tmp_path, student)), expected)
