"""Predicted uncertainty by kind, from predictions made by hand."""

import logging

import numpy as np
import pytest

from degu.data.sequences import decode
from degu.data.splits import SPLITS
from degu.data.store import SequenceStore
from degu.outputs.heads import KINDS, Heads, standard_deviations
from degu.prediction.ensemble import Predictions
from degu.uncertainty.predictive import (
    Predictive,
    predictives,
    rows_of,
    warn_of_negative_heads,
)
from tests.conftest import small_store


def predictions_of(
    store: SequenceStore, *names: str, seeds: tuple[int, ...] = (5, 3, 9), splits: tuple[str, ...] = SPLITS
) -> Predictions:
    rng = np.random.default_rng(2)
    width = len(names) * len(store.target_names)
    values = {s: rng.uniform(0.1, 1, (len(seeds), len(store.rows(s)), width)).astype(np.float32) for s in splits}
    return Predictions(values, Heads(names, tuple(store.target_names)), list(seeds))


def of_ensemble(predictions: Predictions) -> Predictive:
    *_, ensemble = predictives(predictions, "member")
    return ensemble


def negative(heads: dict[str, list[float]], split: str = "test") -> Predictive:
    arrays = {name: np.array(values)[:, None] for name, values in heads.items()}
    others = {name: np.ones((2, 1)) for name in heads}
    return Predictive("student", 4, {"calibration": others, "test": others} | {split: arrays})


def test_negative_stds_are_counted_in_the_log(caplog):
    with caplog.at_level(logging.WARNING):
        warn_of_negative_heads(negative({"mean": [-1, -1, -1], "aleatoric": [-0.1, 0, 0.2], "epistemic": [-1, 2, -3]}))
    assert [record.getMessage() for record in caplog.records] == [
        "student 4: 1 of 3 predicted aleatoric stds are negative and count as 0",
        "student 4: 2 of 3 predicted epistemic stds are negative and count as 0",
    ]


@pytest.mark.parametrize(
    "predictive",
    [
        negative({"mean": [-1, -2], "aleatoric": [0, 1], "epistemic": [2, 3]}),
        negative({"mean": [-1, -2], "lower": [-3, -4], "upper": [-1, -1]}),
        negative({"mean": [1, 1], "aleatoric": [-1, -1]}, split="calibration"),
    ],
    ids=["none is negative", "no uncertainty", "of another split"],
)
def test_otherwise_nothing_is_said(predictive, caplog):
    with caplog.at_level(logging.INFO):
        warn_of_negative_heads(predictive)
    assert not caplog.records


# Single models and their ensemble


def test_every_member_comes_in_order_and_then_their_ensemble():
    predictions = predictions_of(small_store(targets=2), "mean", "aleatoric")
    found = list(predictives(predictions, "member"))
    assert [(one.model, one.seed) for one in found] == [("member", 5), ("member", 3), ("member", 9), ("ensemble", -1)]
    for index, member in enumerate(found[:3]):
        assert member.members is None
        for split in SPLITS:
            np.testing.assert_array_equal(member.heads[split]["mean"], predictions.values[split][index][:, :2])
            np.testing.assert_array_equal(member.heads[split]["aleatoric"], predictions.values[split][index][:, 2:])


def test_the_ensemble_follows_the_law_of_total_variance():
    predictions = predictions_of(small_store(targets=2), "mean", "aleatoric")
    ensemble = of_ensemble(predictions)
    for split in SPLITS:
        values = predictions.values[split].astype(np.float64)
        means, noise = values[:, :, :2], values[:, :, 2:]
        centre = sum(means) / 3
        expected = {
            "mean": centre,
            "aleatoric": np.sqrt(sum(noise**2) / 3),
            "epistemic": np.sqrt(sum((means - centre) ** 2) / 3),
        }
        assert set(ensemble.heads[split]) == set(expected)
        for head, array in expected.items():
            np.testing.assert_allclose(ensemble.heads[split][head], array, rtol=1e-9)
        np.testing.assert_array_equal(ensemble.members[split], predictions.values[split][:, :, :2])
        total = standard_deviations(ensemble.heads[split])["total"]
        np.testing.assert_allclose(total**2, sum(noise**2 + (means - centre) ** 2) / 3, rtol=1e-9)


def test_an_ensemble_of_members_that_know_their_own_epistemic_uncertainty_adds_theirs():
    predictions = predictions_of(small_store(), "mean", "epistemic")
    values = predictions.values["test"].astype(np.float64)
    expected = np.sqrt(values[:, :, 0].var(axis=0) + (values[:, :, 1] ** 2).mean(axis=0))
    np.testing.assert_allclose(of_ensemble(predictions).heads["test"]["epistemic"][:, 0], expected, rtol=1e-9)


def test_students_have_no_ensemble():
    predictions = predictions_of(small_store(), "mean", "epistemic")
    found = list(predictives(predictions, "student"))
    assert [(one.model, one.seed) for one in found] == [("student", 5), ("student", 3), ("student", 9)]
    assert {one.members for one in found} == {None}


@pytest.mark.parametrize("model", ["member", "student"])
def test_splits_that_were_not_predicted_are_not_there(model):
    predictions = predictions_of(small_store(), "mean", "epistemic", splits=("calibration", "test"))
    for predictive in predictives(predictions, model):
        assert set(predictive.heads) == {"calibration", "test"}
        assert predictive.members is None or set(predictive.members) == {"calibration", "test"}


# Rows


@pytest.mark.parametrize("target", [0, 1])
@pytest.mark.parametrize("split", SPLITS)
def test_rows_are_those_of_the_split_and_target(split, target):
    store = small_store(targets=2)
    predictions = predictions_of(store, "mean", "aleatoric", "lower", "upper")
    member = next(predictives(predictions, "member"))
    rows = rows_of(store, member, split, target)
    numbers = [number for number in range(len(store)) if SPLITS[store.split[number]] == split]
    values = predictions.values[split][0]
    np.testing.assert_array_equal(rows.measured, store.targets[numbers, target])
    np.testing.assert_array_equal(rows.mean, values[:, target])
    np.testing.assert_array_equal(rows.std["aleatoric"], values[:, 2 + target])
    np.testing.assert_array_equal(rows.std["total"], rows.std["aleatoric"])
    assert set(rows.std) == {"aleatoric", "total"}
    np.testing.assert_array_equal(rows.quantiles["lower"], values[:, 4 + target])
    np.testing.assert_array_equal(rows.quantiles["upper"], values[:, 6 + target])
    sequences = decode(store.tokens[numbers])
    expected = [(sequence.count("G") + sequence.count("C")) / len(sequence) for sequence in sequences]
    np.testing.assert_allclose(rows.covariates["gc"], expected)
    assert rows.members is rows.excluded is rows.weights is None
    assert rows.measured.dtype == rows.mean.dtype == rows.quantiles["lower"].dtype == np.float64


def test_rows_of_an_ensemble_hold_each_members_mean():
    store = small_store(targets=2)
    predictions = predictions_of(store, "mean", "aleatoric")
    excluded = np.random.default_rng(1).random((3, len(store.rows("train")))) < 0.5
    rows = rows_of(store, of_ensemble(predictions), "train", 1, excluded)
    np.testing.assert_array_equal(rows.members, predictions.values["train"][:, :, 1])
    np.testing.assert_allclose(rows.mean, rows.members.astype(np.float64).mean(axis=0))
    assert rows.excluded is excluded
    assert set(rows.std) == set(KINDS)
    assert rows.quantiles == {}


def test_negative_stds_count_as_zero_in_rows():
    store = small_store()
    predictions = predictions_of(store, "mean", "aleatoric", seeds=(1,))
    predictions.values["test"][0, :5, 1] = -0.5
    rows = rows_of(store, next(predictives(predictions, "student")), "test", 0)
    np.testing.assert_array_equal(rows.std["aleatoric"][:5], 0)
    np.testing.assert_array_equal(rows.std["total"][:5], 0)
    assert (rows.std["total"][5:] > 0).all()
