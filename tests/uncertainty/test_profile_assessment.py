"""How far uncertainties of profiles can be trusted, from predictions made by hand."""

from functools import cache

import numpy as np
import pytest
from scipy import stats

from degu.evaluation.bootstrap import GroupBootstrap
from degu.evaluation.profile_scores import SUBSETS, thirds_of
from degu.evaluation.profile_uncertainty import predicted_profiles
from degu.evaluation.row_kinds import REGIONS, row_kinds
from degu.uncertainty.calibration import expected_normalized_calibration_error
from degu.uncertainty.distributions import Distribution
from degu.uncertainty.profile_assessment import (
    ALL,
    CURVE_COLUMNS,
    ENCE,
    INTERVAL_COLUMNS,
    INTERVALS,
    PARTS,
    assess_profiles,
)
from degu.uncertainty.profile_calibration import (
    QUANTITIES,
    ProfileCalibration,
    group_weights,
    measured_in_bins,
    predicted_in_bins,
)
from tests.evaluation.predicted_profiles import STUDENTS, predicted

SPLITS = ("test", "calibration", "validation")
LEVELS = [0.5, 0.8]


@cache
def assessed(alone=True):
    """Return the data set with windows that are alone or in groups of three, predictions and tables."""
    store, ensemble, students = predicted(400, SPLITS)
    if not alone:
        # Windows of a group are in one split.
        for split in SPLITS:
            rows = store.rows(split)
            store.group[rows] = rows[0] + np.arange(len(rows)) // 3
    return store, ensemble, students, assess_profiles(store, ensemble, students, LEVELS, 1)


def by_hand(alone, quantity, student=0):
    """Return the counts, the heads and the calibration of a student, and what was measured and predicted."""
    store, ensemble, students, _ = assessed(alone)
    heads = {split: list(predicted_profiles(ensemble, students, split))[1 + student][2] for split in SPLITS}
    rows = {split: store.rows(split) for split in SPLITS}
    calibration = ProfileCalibration.of_predictions(
        store.counts[rows["calibration"]], store.group[rows["calibration"]], heads["calibration"], heads["validation"]
    )
    counts = store.counts[rows["test"]]
    measured = measured_in_bins(counts, heads["test"], quantity)[:, 0]
    return store, counts, heads["test"], calibration, measured, predicted_in_bins(heads["test"], quantity)[:, 0]


def chosen(table, **labels):
    return table[table[list(labels)].eq(list(labels.values())).all(axis=1)]


@pytest.mark.parametrize("alone", [True, False])
def test_tables_have_every_model_quantity_interval_and_subset(alone):
    store, *_, tables = assessed(alone)
    kinds = row_kinds(store, "test")
    assert list(tables.intervals.columns) == INTERVAL_COLUMNS
    assert list(tables.curves.columns) == CURVE_COLUMNS
    models = {("ensemble", -1), *(("student", seed) for seed in STUDENTS)}
    places = tables.intervals.groupby(["model", "seed", "quantity"])
    assert set(places.groups) == {(*model, quantity) for model in models for quantity in QUANTITIES}
    for _, own in places:
        leveled = own[own["level"].notna()]
        assert len(leveled) == len(INTERVALS) * len(LEVELS) * (1 + len(kinds) + len(SUBSETS)) * 3
        assert set(leveled["interval"]) == set(INTERVALS)
        assert set(leveled["subset"]) == {ALL, *kinds, *SUBSETS}
        assert sorted(own[own["level"].isna()]["metric"]) == [ENCE, ENCE, "factor"]
    assert (tables.curves.groupby(["model", "seed", "quantity"]).size() == PARTS).all()


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize("subset", [ALL, REGIONS, SUBSETS[0]])
@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("interval", ["predicted", "recalibrated", "normalized", "simultaneous"])
def test_coverage_and_width_are_those_of_the_intervals(interval, quantity, subset, alone):
    store, counts, heads, calibration, measured, center = by_hand(alone, quantity)
    if interval in ("normalized", "simultaneous"):
        ends = calibration.intervals(heads, 0.8, quantity, simultaneous=interval == "simultaneous")[:, 0]
    else:
        half = stats.norm.ppf(0.9) * calibration.std(heads, quantity, calibrated=interval == "recalibrated")[:, 0]
        ends = np.stack([np.maximum(center - half, 0), center + half], axis=-1)
        if quantity == "share":
            ends = np.minimum(ends, 1)
    inside = (ends[..., 0] <= measured) & (measured <= ends[..., 1])
    there = np.ones(len(counts), dtype=bool)
    if subset != ALL:
        kinds = row_kinds(store, "test")
        there = {**kinds, **thirds_of(counts.sum(axis=(1, 2, 3, 4)), kinds[REGIONS])}[subset]
    group = store.group[store.rows("test")][there]
    expected = {
        "bins": inside.mean(axis=(1, 2))[there],
        "regions": inside.all(axis=(1, 2))[there].astype(float),
        "width": (ends[..., 1] - ends[..., 0]).mean(axis=(1, 2))[there],
    }
    table = chosen(
        assessed(alone)[3].intervals,
        **{"model": "student", "seed": STUDENTS[0], "quantity": quantity, "interval": interval},
        **{"level": 0.8, "subset": subset},
    ).set_index("metric")
    weights = group_weights(group)
    bootstrap = GroupBootstrap(group, 1)
    for metric, values in expected.items():
        assert table.loc[metric, "value"] == pytest.approx(np.average(values, weights=weights))
        ends_of = bootstrap.ratio(weights * values, weights)
        np.testing.assert_allclose(table.loc[metric, ["low", "high"]].astype(float), ends_of)
    assert table.loc["regions", "value"] <= table.loc["bins", "value"]


def test_the_width_of_absolute_intervals_is_one_but_for_what_is_cut_off():
    table = chosen(assessed()[3].intervals, quantity="counts", interval="absolute", metric="width", level=0.5)
    _, _, _, _, measured, center = by_hand(True, "counts")
    one = chosen(table, model="student", seed=STUDENTS[0]).set_index("subset")["value"]
    half = one["many counts"] / 2
    assert one["many counts"] == pytest.approx(one[ALL], rel=0.3)
    found = chosen(assessed()[3].intervals, quantity="counts", interval="absolute", metric="bins", level=0.5)
    inside = (np.abs(measured - center) <= half).mean()
    assert chosen(found, model="student", seed=STUDENTS[0], subset=ALL)["value"].item() == pytest.approx(
        inside, abs=0.1
    )


def test_conformal_intervals_cover_what_they_promise_of_test_windows():
    table = assessed()[3].intervals
    for name, metric in (("normalized", "bins"), ("absolute", "bins"), ("simultaneous", "regions")):
        own = chosen(table, interval=name, metric=metric, subset=ALL)
        # There are 44 windows in either split.
        assert (np.abs(own["value"] - own["level"]) < 0.25).all()
        assert abs((own["value"] - own["level"]).mean()) < 0.1


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_factors_and_errors_of_calibration_are_those_of_the_count_heads(quantity):
    _, _, heads, calibration, measured, center = by_hand(True, quantity)
    own = chosen(assessed()[3].intervals, model="student", seed=STUDENTS[0], quantity=quantity)
    factor = calibration.factors[0, QUANTITIES.index(quantity)]
    assert chosen(own, metric="factor")["value"].item() == pytest.approx(factor)
    for name, calibrated in (("predicted", False), ("recalibrated", True)):
        std = calibration.std(heads, quantity, calibrated=calibrated)[:, 0]
        expected = expected_normalized_calibration_error.metric(
            measured.ravel(), Distribution(center.ravel(), std.ravel())
        )
        assert chosen(own, metric=ENCE, interval=name)["value"].item() == pytest.approx(expected)


def test_curves_are_root_mean_squares_of_parts_in_order_of_the_std():
    _, _, heads, calibration, measured, center = by_hand(True, "share")
    std, error = calibration.std(heads, "share")[:, 0].ravel(), (measured - center).ravel()
    order = np.argsort(std, kind="stable")
    own = chosen(assessed()[3].curves, model="student", seed=STUDENTS[0], quantity="share")
    for part, row in zip(np.array_split(order, PARTS), own.itertuples(), strict=True):
        assert row.std == pytest.approx(np.sqrt(np.mean(std[part] ** 2)))
        assert row.error == pytest.approx(np.sqrt(np.mean(error[part] ** 2)))
        assert row.recalibrated / row.std == pytest.approx(calibration.factors[0, 0])
        assert row.low <= row.error <= row.high
    assert own["std"].is_monotonic_increasing


def test_windows_without_counts_have_no_shares_and_levels_that_are_too_high_no_intervals():
    store, ensemble, students = predicted(120, SPLITS)
    rows = store.rows("test")
    store.counts[rows[:3]] = 0
    tables = assess_profiles(store, ensemble, students, [0.5, 0.99], 1)
    assert np.isfinite(tables.intervals["value"]).all()
    found = {name: set(own["interval"]) for name, own in tables.intervals.groupby("level")}
    assert found == {0.5: set(INTERVALS), 0.99: {"predicted", "recalibrated"}}
    assert set(tables.curves["quantity"]) == set(QUANTITIES)
