"""Models on another data set, against what is computed from the measurements themselves."""

import numpy as np
import pytest

from degu.outputs.heads import Heads
from degu.prediction.ensemble import Predictions
from degu.shift.transfer import population
from degu.shift.transfer_assessment import assess_transfer
from tests.conftest import small_store

HEADS = Heads(("mean", "aleatoric"), ("target0", "target1"))
SETTINGS = {
    "metrics": ["coverage"],
    "features": ["gc"],
    "conformal": {"split": {"method": "absolute"}},
    "level": 0.9,
}
TARGETS = {"target1": "target0"}


def predict(parts, bias):
    """Return what two models predict that err by a bias of their own; the std is right without it."""
    values = {}
    for name, wanted in parts.items():
        rng = np.random.default_rng(len(wanted))
        means = [wanted + 0.1 * rng.standard_normal(wanted.shape) + number * bias for number in (1, 2)]
        values[name] = np.stack([np.concatenate([mean, np.full_like(mean, 0.1)], axis=1) for mean in means])
    return Predictions({name: array.astype(np.float32) for name, array in values.items()}, HEADS, [1, 2])


@pytest.fixture(scope="module")
def known():
    source, other = small_store(rows=800, targets=2), small_store(rows=720)
    other.tokens = np.random.default_rng(4).integers(0, 4, size=other.tokens.shape, dtype=np.uint8)
    for store, name in ((source, "source"), (other, "other")):
        store.attributes |= {"dataset": name}
    populations = {part: population(source, other, part, TARGETS) for part in ("calibration", "test")}
    splits = predict({split: source.targets[source.rows(split)] for split in ("calibration", "test")}, 0.0)
    both = {part: np.repeat(found.measured, 2, axis=1) for part, found in populations.items()}
    return source, populations, splits, predict(both, 0.3)


@pytest.fixture(scope="module")
def tables(known):
    source, populations, splits, transferred = known
    return assess_transfer(
        source, populations, splits, transferred, SETTINGS, targets=TARGETS, model="student", family="normal"
    )


def test_errors_are_those_of_each_population(known, tables):
    source, populations, splits, transferred = known
    for name, predictions, measured in (
        ("own", splits, source.targets[source.rows("test"), 1]),
        ("other", transferred, populations["test"].measured[:, 0]),
    ):
        for index, seed in enumerate((1, 2)):
            chosen = tables.scores.query(f"population == '{name}' and seed == {seed} and metric == 'mse'")
            expected = np.mean((predictions.values["test"][index, :, 1] - measured) ** 2)
            assert chosen["value"].item() == pytest.approx(expected, rel=1e-4)
            assert chosen["target"].item() == "target1"


def test_intervals_are_calibrated_on_either_data_set(known, tables):
    _, populations, _, _ = known
    split = tables.intervals[tables.intervals["conformal"] == "split"].set_index(
        ["population", "calibrated_on", "seed"]
    )
    assert (split.loc["own", "coverage"] > 0.8).all()
    # A bias that the source has not is repaired by calibration on the other data set, at the price of width.
    assert split.loc[("other", "own", 2), "coverage"] < 0.1
    assert split.loc[("other", "other", 2), "coverage"] > 0.8
    assert split.loc[("other", "other", 2), "width"] > 3 * split.loc[("other", "own", 2), "width"]
    assert split.loc[("other", "own", 1), "sequences"] == len(populations["test"].rows)
    assert set(split.index.droplevel("seed")) == {("own", "own"), ("other", "own"), ("other", "other")}


def test_scores_say_what_they_are_calibrated_on(tables):
    coverage = tables.scores[tables.scores["metric"] == "coverage"]
    assert set(zip(coverage["population"], coverage["calibrated_on"], strict=True)) == {
        ("own", "own"),
        ("other", "own"),
        ("other", "other"),
    }
    assert (tables.scores.loc[tables.scores["metric"] == "mse", "calibrated_on"] == "").all()
