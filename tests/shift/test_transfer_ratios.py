"""How errors and stds change between data sets, against ratios of the errors that are put in."""

from dataclasses import replace

import numpy as np
import pytest

from degu.outputs.heads import Heads
from degu.prediction.ensemble import Predictions
from degu.shift.transfer import population
from degu.shift.transfer_ratios import COLUMNS, transfer_ratios
from tests.conftest import small_store

HEADS = Heads(("mean", "epistemic"), ("target0", "target1"))
TARGETS = {"target1": "target0"}
SCALES = {1: 1.0, 2: 3.0}


def predict(wanted, error, std):
    """Return what models predict whose errors are normal, of a scale of each model, (models, n, 4)."""
    rng = np.random.default_rng(len(wanted))
    models = []
    for scale in SCALES.values():
        mean = wanted + scale * error * rng.standard_normal(wanted.shape)
        models.append(np.concatenate([mean, scale * std * rng.uniform(0.5, 1.5, wanted.shape)], axis=1))
    return np.stack(models)


def made(values, heads=HEADS):
    return Predictions({"test": values.astype(np.float32)}, heads, list(SCALES))


@pytest.fixture(scope="module")
def source():
    store = small_store(rows=8000, targets=2)
    store.attributes |= {"dataset": "source", "digest": "source"}
    # Two rows of a group.
    store.group = np.arange(len(store)) // 16 * 8 + np.arange(len(store)) % 8
    return store


@pytest.fixture(scope="module")
def known(source):
    other = small_store(rows=9600)
    other.tokens = np.random.default_rng(4).integers(0, 4, size=other.tokens.shape, dtype=np.uint8)
    other.attributes |= {"dataset": "other", "digest": "other"}
    found = population(source, other, "test", TARGETS)
    own = made(predict(source.targets[source.rows("test")], 0.1, 0.2))
    return found, own, made(predict(np.repeat(found.measured, 2, axis=1), 0.25, 0.1))


def ratios_of(source, known, model="student", **options):
    found, own, other = known
    return transfer_ratios(source, found, own, other, **{"targets": TARGETS, "model": model, "seed": 1, **options})


def test_ratios_are_those_of_the_means_over_models_and_rows(source, known):
    found, own, other = known
    table = ratios_of(source, known)
    assert list(table.columns) == COLUMNS
    assert table["target"].unique().tolist() == ["target1"]
    table = table.set_index("quantity")
    measured = source.targets[source.rows("test"), 1], found.measured[:, 0]
    for column, predicted, values in zip(("own", "other"), (own, other), measured, strict=True):
        means, stds = (predicted.values["test"][:, :, place].astype(float) for place in (1, 3))
        assert table.loc["rmse", column] == pytest.approx(np.sqrt(np.mean((means - values) ** 2)), rel=1e-4)
        assert table.loc["epistemic_std", column] == pytest.approx(stds.mean(), rel=1e-4)
    assert table["ratio"].tolist() == pytest.approx((table["other"] / table["own"]).tolist())
    # The errors are 2.5 times, and the stds half, as large.
    for quantity, true in (("rmse", 2.5), ("epistemic_std", 0.5)):
        row = table.loc[quantity]
        assert true / 1.1 < row["low"] < row["ratio"] < row["high"] < true * 1.1
        assert row["low"] < true < row["high"]


def test_members_have_no_epistemic_std_and_their_ensemble_has_one(source, known):
    found, own, other = known
    heads = Heads(("mean",), HEADS.targets)
    plain = [made(predicted.values["test"][:, :, :2], heads) for predicted in (own, other)]
    table = ratios_of(source, (found, *plain), "member")
    kinds = list(zip(table["model"], table["quantity"], strict=True))
    assert kinds == [("member", "rmse"), ("ensemble", "rmse"), ("ensemble", "epistemic_std")]
    by_kind = table.set_index(["model", "quantity"])
    together = plain[1].values["test"][:, :, 1].astype(float)
    rmse = np.sqrt(np.mean((together.mean(axis=0) - found.measured[:, 0]) ** 2))
    assert by_kind.loc[("ensemble", "rmse"), "other"] == pytest.approx(rmse, rel=1e-4)
    assert by_kind.loc[("ensemble", "epistemic_std"), "other"] == pytest.approx(together.std(axis=0).mean(), rel=1e-4)


def test_one_test_split_under_two_measurements_has_the_same_sequences_on_both_sides(source, known):
    _, own, _ = known
    store = replace(source, tokens=source.tokens.copy())
    store.tokens[:] = np.random.default_rng(3).integers(0, 4, size=store.tokens.shape, dtype=np.uint8)
    # Sequences that models have seen are left out.
    store.tokens = np.concatenate([store.tokens, store.tokens[:, :12]], axis=1)
    rows = store.rows("test")
    store.tokens[rows[:40]] = store.tokens[store.rows("train")[:40]]
    found = population(store, store, "test", {"target1": "target0"})
    np.testing.assert_array_equal(found.rows, rows[40:])
    values = own.values["test"].copy()
    # They are those of which models are least sure.
    values[:, :40, 2:] = 9
    both = made(values), made(values[:, 40:])
    table = transfer_ratios(store, found, *both, targets={"target1": "target0"}, model="student", seed=1)
    table = table.set_index("quantity")
    assert table.loc["epistemic_std", ["ratio", "low", "high"]].tolist() == [1, 1, 1]
    errors = [np.mean((values[:, 40:, 1] - store.targets[rows[40:], target]) ** 2) ** 0.5 for target in (1, 0)]
    assert table.loc["rmse", ["own", "other"]].tolist() == pytest.approx(errors, rel=1e-4)
    assert table.loc["rmse", "low"] < table.loc["rmse", "ratio"] < table.loc["rmse", "high"]


def test_the_same_seed_gives_the_same_intervals_and_another_one_does_not(source, known):
    first, again, other = (ratios_of(source, known, seed=seed) for seed in (1, 1, 2))
    assert first.equals(again)
    assert not (first["low"] == other["low"]).any()
