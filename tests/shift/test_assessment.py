"""Assessments of shifted sequences, against what is computed from the predictions themselves."""

import numpy as np
import pytest
from scipy import stats

from degu.shift.assessment import QUANTILES, assess_shifts
from degu.shift.prediction import part_name
from degu.shift.references import CIRCULAR, TRUTH
from degu.uncertainty.coverage import binomial_band
from tests.shift.ladders import LEVELS, populations, true_activity

SETTINGS = {
    "metrics": ["coverage"],
    "features": ["gc"],
    "conformal": {"split": {"method": "absolute"}, "weighted": {"method": "weighted"}},
    "level": 0.9,
}


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    return populations(tmp_path_factory.mktemp("ladders"))


@pytest.fixture(scope="module")
def tables(known):
    own, members, _ = known
    return assess_shifts(own, *members, SETTINGS, model="member", family="normal")


def score(tables, **labels):
    table = tables.scores
    for name, value in {"uncertainty": "", "recalibration": "", "reference": "", **labels}.items():
        table = table[table[name] == value]
    assert len(table) == 1, labels
    return table["value"].item()


@pytest.mark.parametrize("rung", range(4))
def test_errors_are_those_from_the_truth_and_from_the_ensemble(known, tables, rung):
    own, (_, shifted), _ = known
    ladder = own.ladders[0]
    part = "unshifted" if rung == 0 else part_name(ladder, rung - 1)
    tokens = own.store.tokens[ladder.rows] if rung == 0 else ladder.rung(rung - 1).tokens
    truth = true_activity(tokens)[0]
    members = shifted.values[part][..., 0].astype(float)
    labels = {"shift": "mutated", "rung": rung}
    for model, seed, predicted in (("member", 2, members[1]), ("ensemble", -1, members.mean(axis=0))):
        mine = {**labels, "model": model, "seed": seed, "reference": TRUTH}
        assert score(tables, **mine, metric="mse") == pytest.approx(np.mean((predicted - truth) ** 2), rel=1e-5)
        r = stats.pearsonr(predicted, truth).statistic
        assert score(tables, **mine, metric="pearson") == pytest.approx(r, rel=1e-5)
        circular = np.mean((predicted - members.mean(axis=0)) ** 2)
        found = score(tables, **{**mine, "reference": CIRCULAR}, metric="mse")
        assert found == pytest.approx(circular, rel=1e-5, abs=1e-12)


def test_the_epistemic_std_of_the_ensemble_has_its_trend_and_finds_errors(known, tables):
    own, (_, shifted), _ = known
    stds = []
    for part in ("unshifted", *(part_name(own.ladders[0], number) for number in range(3))):
        between = shifted.values[part][..., 0].astype(float).var(axis=0)
        within = np.square(shifted.values[part][..., 2].astype(float)).mean(axis=0)
        stds.append(np.sqrt(between + within))
    labels = {"shift": "mutated", "model": "ensemble", "uncertainty": "epistemic"}
    taus = [stats.kendalltau(range(4), row).statistic for row in np.stack(stds, axis=1)]
    assert score(tables, **labels, metric="trend") == pytest.approx(np.mean(taus), abs=1e-6)
    mean = score(tables, **labels, rung=2, metric="mean_std")
    assert mean == pytest.approx(stds[2].mean(), rel=1e-5)
    detected = score(tables, **labels, rung=2, metric="auroc_of_shift")
    assert detected == pytest.approx(np.mean(stds[2][:, None] > stds[0]), abs=1e-6)
    # A member's std is the size of its own error here.
    found = score(tables, shift="mutated", rung=3, model="member", seed=1, uncertainty="epistemic",
                  reference=TRUTH, metric="auroc_of_large_errors")  # fmt: skip
    assert found > 0.99


def test_new_measurements_have_the_noise_of_the_simulator(known):
    own, _, _ = known
    rung = own.ladders[0].rung(2)
    draws = [own.measured(rung, f"part{number}") for number in range(300)]
    np.testing.assert_allclose(np.std(draws, axis=0), rung.noise_std / np.sqrt(3), rtol=0.25)
    np.testing.assert_allclose(np.mean(draws, axis=0), rung.mean, atol=0.25)
    np.testing.assert_array_equal(own.measured(rung, "part1"), draws[1])


def test_intervals_are_made_of_the_calibration_split_and_hold_new_measurements(known, tables):
    own, _, _ = known
    n = len(own.ladders[0].rows)
    for name in ("split", "weighted"):
        chosen = tables.intervals[(tables.intervals["conformal"] == name) & (tables.intervals["model"] == "ensemble")]
        assert (chosen["nominal"] == 0.9).all() and (chosen["sequences"] == n).all()
        # The members err as much everywhere, so that the shift breaks nothing but by the noise that grows with C.
        low, _ = binomial_band(n, 0.9, 0.999, calibration_rows=len(own.store.rows("calibration")))
        assert (chosen["coverage"] >= low - 0.03).all()
    unshifted = tables.intervals[tables.intervals["rung"] == 0]
    assert unshifted.groupby(["model", "seed", "conformal"])["coverage"].nunique().eq(1).all()


def test_the_quantiles_are_those_of_the_predictions(known, tables):
    _, (_, shifted), _ = known
    chosen = tables.predictions.query("shift == 'noisy' and rung == 1 and model == 'member' and seed == 3")
    np.testing.assert_array_equal(chosen["quantile"], QUANTILES)
    expected = np.quantile(shifted.values["noisy-0"][2, :, 0].astype(float), QUANTILES)
    np.testing.assert_allclose(chosen["value"], expected, rtol=1e-6)


def test_the_levels_are_those_of_each_rung(tables):
    rungs = tables.scores.drop_duplicates(["shift", "rung"]).set_index(["shift", "rung"])["level"]
    assert rungs["mutated"].to_dict() == dict(enumerate([0.0, *LEVELS]))
    assert rungs["noisy"].to_dict() == {0: 0.0, 1: 1.0}


def test_without_a_simulator_nothing_is_said_of_measurements(tmp_path):
    own, _, students = populations(tmp_path, 120, truth=False)
    tables = assess_shifts(own, *students, SETTINGS, model="student", family="normal")
    assert len(tables.intervals) == 0
    assert set(tables.scores["reference"]) == {"", CIRCULAR}
    assert "coverage" not in set(tables.scores["metric"])
