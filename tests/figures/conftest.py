"""What tests of figures share: figures are closed after each test, and an assessment is written to files."""

from collections.abc import Iterator
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

from degu.data.splits import SPLITS
from degu.formats.tables import write_table
from degu.outputs.heads import Heads
from degu.prediction.ensemble import Predictions
from degu.uncertainty.assessment import assess
from tests.conftest import small_store


@pytest.fixture(autouse=True)
def closed_figures() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture(scope="session")
def assessment_files(tmp_path_factory) -> dict[str, list[Path]]:
    """Return the tables of a teacher with noise, a baseline of quantiles, a student, and a student of a mean alone."""
    store = small_store(rows=400, targets=2)
    rng = np.random.default_rng(1)
    store.truth = {name: rng.uniform(0.1, 1, (len(store), 2)) for name in ("mean", "noise_std")}
    folder = tmp_path_factory.mktemp("assessments")
    settings = {
        "metrics": ["coverage", "miscalibration_area"],
        "levels": [0.8],
        "conditional_level": 0.8,
        "bins": 3,
        "shift": {"strength": 1.0},
        "conformal": {"split": {"method": "absolute"}, "normalized_total": {"method": "normalized", "std": "total"}},
    }
    paths = {}
    for teacher, student, heads in (
        ("small", "", ("mean", "aleatoric")),
        ("small-quantile", "", ("mean", "lower", "upper")),
        ("small", "plain", ("mean",)),
        ("small", "degu", ("mean", "aleatoric", "epistemic")),
    ):
        values = {
            split: rng.uniform(0.1, 1, (2, len(store.rows(split)), 2 * len(heads))).astype(np.float32)
            for split in SPLITS
        }
        predictions = Predictions(values, Heads(heads, tuple(store.target_names)), [1, 2])
        model = "student" if student else "member"
        assessment = assess(store, predictions, settings, model=model, family="normal", seed=1)
        for table, frame in assessment._asdict().items():
            suffix = "parquet" if table in ("curves", "predictions") else "tsv"
            path = folder / f"{teacher}-{student}-{table}.{suffix}"
            write_table(frame.assign(dataset="toy", teacher=teacher, student=student, fraction=1.0), path)
            paths.setdefault(table, []).append(path)
    return paths
