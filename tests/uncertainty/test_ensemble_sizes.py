"""Scores of prefixes of an ensemble, and of students of prefixes."""

import numpy as np
import pytest
from scipy import stats

from degu.data.splits import SPLITS
from degu.outputs.heads import Heads
from degu.prediction.ensemble import Predictions
from degu.uncertainty.ensemble_sizes import COLUMNS, METRICS, sweep
from tests.conftest import small_store

STORE = small_store(rows=400, targets=2)


def predictions(names, models, seed):
    """Return predictions whose means are the measured values with noise, more in some rows than in others."""
    rng = np.random.default_rng(seed)
    heads = Heads(names, tuple(STORE.target_names))
    values = {}
    for split in SPLITS:
        measured = STORE.targets[STORE.rows(split)]
        spread = rng.uniform(0.05, 0.4, measured.shape)
        parts = [measured + spread * rng.standard_normal((models, *measured.shape))]
        parts += [rng.uniform(0.1, 0.3, size=(models, *measured.shape)) for _ in names[1:]]
        values[split] = np.concatenate(parts, axis=-1).astype(np.float32)
    return Predictions(values, heads, list(range(1, models + 1)))


@pytest.fixture(scope="module")
def table():
    ensemble = predictions(("mean", "aleatoric"), 7, 1)
    students = {size: predictions(("mean", "aleatoric", "epistemic"), 2, size) for size in (2, 7)}
    return ensemble, students, sweep(STORE, ensemble, students, family="normal")


def value(table, **chosen):
    for column, wanted in chosen.items():
        table = table[table[column] == wanted]
    (found,) = table["value"]
    return found


def test_every_size_up_to_all_members_is_scored(table):
    scores = table[2]
    assert list(scores.columns) == COLUMNS
    assert set(scores[scores["model"] == "ensemble"]["size"]) == {2, 3, 5}
    assert set(scores[scores["model"] == "student"]["size"]) == {2, 7}
    # Halves of two and three members have no deviation.
    assert set(scores[scores["model"] == "ceiling"]["size"]) == {5}
    assert set(scores["metric"]) == {"pearson", "epistemic_pearson", *METRICS}


@pytest.mark.parametrize("size", [2, 3, 5])
def test_an_ensemble_of_a_size_is_its_first_members(table, size):
    ensemble, _, scores = table
    rows = STORE.rows("test")
    for index, target in enumerate(STORE.target_names):
        own = ensemble.values["test"][:size]
        means, noise = own[..., index].astype(float), own[..., 2 + index].astype(float)
        chosen = {"size": size, "model": "ensemble", "target": target}
        measured = STORE.targets[rows, index]
        expected = stats.pearsonr(means.mean(axis=0), measured).statistic
        assert value(scores, **chosen, metric="pearson") == pytest.approx(expected)
        all_members = ensemble.values["test"][..., index].astype(float).std(axis=0)
        expected = stats.pearsonr(means.std(axis=0), all_members).statistic
        assert value(scores, **chosen, metric="epistemic_pearson") == pytest.approx(expected)
        total = np.sqrt(means.var(axis=0) + np.square(noise).mean(axis=0))
        inside = np.abs(measured - means.mean(axis=0)) <= stats.norm.ppf(0.975) * total
        assert value(scores, **chosen, metric="coverage") == pytest.approx(inside.mean())


def test_students_are_compared_with_all_members(table):
    ensemble, students, scores = table
    for size, predicted in students.items():
        for number, values in zip(predicted.seeds, predicted.values["test"], strict=True):
            all_members = ensemble.values["test"][..., 0].astype(float).std(axis=0)
            expected = stats.pearsonr(values[:, 4].astype(float), all_members).statistic
            chosen = {"size": size, "model": "student", "seed": number, "target": "target0"}
            assert value(scores, **chosen, metric="epistemic_pearson") == pytest.approx(expected)
