"""Differences of students to their members and ensemble, against scores by themselves and many draws."""

import numpy as np
import pytest
from scipy import stats

from degu.evaluation.differences import COLUMNS, differences_of_students
from degu.outputs.heads import Heads
from degu.prediction.ensemble import Predictions
from tests.conftest import small_store

HEADS = Heads(("mean", "aleatoric"), ("target0", "target1"))


def predictions(truth: np.ndarray, models: int, error: float, rng: np.random.Generator) -> Predictions:
    means = truth + error * rng.standard_normal((models, *truth.shape))
    values = np.concatenate([means, np.ones_like(means)], axis=2).astype(np.float32)
    return Predictions({"test": values}, HEADS, list(range(1, models + 1)))


def test_a_difference_is_that_of_mean_correlations():
    store, rng = small_store(rows=400, targets=2), np.random.default_rng(1)
    measured = store.targets[store.rows("test")].astype(float)
    members, students = (predictions(measured, models, 0.3, rng) for models in (5, 2))
    table = differences_of_students(store, members, students, 1)
    assert list(table) == COLUMNS
    assert len(table) == 2 * 2

    def score(values: np.ndarray, target: int) -> float:
        return stats.pearsonr(values, measured[:, target]).statistic

    for row in table.itertuples():
        target = store.target_names.index(row.target)
        own = np.mean([score(values[:, target], target) for values in students.values["test"]])
        means = members.values["test"][..., target].astype(float)
        other = (
            score(means.mean(axis=0), target)
            if row.against == "ensemble"
            else np.mean([score(m, target) for m in means])
        )
        assert row.difference == pytest.approx(own - other, abs=1e-6)
        assert row.low < row.difference < row.high


def test_an_interval_holds_the_difference_of_the_population():
    """Both err alike, so that the true difference is 0; the errors are of the same sequences in all models."""
    store, covered = small_store(rows=1600, targets=2), 0
    rows = store.rows("test")
    for seed in range(100):
        rng = np.random.default_rng(seed)
        measured = rng.standard_normal((len(rows), 2))
        store.targets[rows] = measured
        members, students = (predictions(measured, 1, 0.5, rng) for _ in range(2))
        table = differences_of_students(store, members, students, seed)
        chosen = table[table["against"] == "member"]
        covered += int(((chosen["low"] <= 0) & (chosen["high"] >= 0)).sum())
    assert stats.binomtest(covered, 200, 0.95).pvalue > 0.001
