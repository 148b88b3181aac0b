"""What a student is worth, against SciPy and counts."""

import numpy as np
from scipy import stats

from degu.package.calibration import METHODS, Calibration
from degu.package.measured import FORMS, LEVELS, measure, measure_profiles
from degu.uncertainty.profile_calibration import QUANTITIES, ProfileCalibration, group_weights, measured_in_bins
from tests.uncertainty.drawn_windows import REPLICATES, drawn_windows


def drawn(number, rng):
    mean = rng.normal(size=(number, 2))
    heads = {"mean": mean, "aleatoric": rng.gamma(4, size=(number, 2)), "epistemic": rng.gamma(2, size=(number, 2))}
    total = np.hypot(heads["aleatoric"], heads["epistemic"])
    return mean + total * rng.normal(size=(number, 2)), heads


def test_accuracy_and_coverage_are_those_of_the_test_rows():
    rng = np.random.default_rng(1)
    calibration_rows, heads = drawn(2000, rng)
    calibration = Calibration.of_predictions(calibration_rows, heads, heads)
    y, test = drawn(3000, rng)
    for target, told in enumerate(measure(y, test, calibration)):
        mean = test["mean"][:, target]
        assert told["rows"] == 3000
        np.testing.assert_allclose(told["pearson"], stats.pearsonr(y[:, target], mean).statistic, atol=1e-4)
        np.testing.assert_allclose(told["spearman"], stats.spearmanr(y[:, target], mean).statistic, atol=1e-4)
        np.testing.assert_allclose(told["rmse"], np.sqrt(np.mean((y[:, target] - mean) ** 2)), atol=1e-4)
        assert [(one["method"], one["level"]) for one in told["intervals"]] == [
            (method, level) for method in METHODS for level in LEVELS
        ]
        for one in told["intervals"]:
            low, high = calibration.intervals(test, one["level"], one["method"])[:, target].T
            inside = np.mean((low <= y[:, target]) & (y[:, target] <= high))
            assert abs(one["coverage"] - inside) < 1e-4
            assert abs(one["coverage"] - one["level"]) < 0.03
            assert abs(one["width"] - np.median(high - low)) < 1e-3


def test_levels_that_cannot_be_had_are_left_out():
    rng = np.random.default_rng(2)
    few, heads = drawn(15, rng)
    y, test = drawn(50, rng)
    told = measure(y, test, Calibration.of_predictions(few, heads, heads))[0]["intervals"]
    levels = {method: [one["level"] for one in told if one["method"] == method] for method in METHODS}
    assert levels["normalized"] == levels["absolute"] == [0.5, 0.8, 0.9]
    assert levels["mondrian"] == [0.5]
    assert levels["recalibrated"] == levels["predicted"] == list(LEVELS)


def test_intervals_of_profiles_are_measured_on_the_test_windows():
    rng = np.random.default_rng(3)
    known, new = (drawn_windows(rng, groups, targets=2) for groups in (30, 40))
    new.counts[0] = 0
    calibration = ProfileCalibration.of_predictions(known.counts, known.group, known.heads, known.heads)
    told = measure_profiles(new.counts, new.group, new.heads, calibration)
    assert (told["replicates"], told["calibration_windows"]) == (REPLICATES, len(known.group))
    for target, own in enumerate(told["targets"]):
        assert own["factors"] == dict(zip(QUANTITIES, np.round(calibration.factors[target], 4), strict=True))
        assert [(one["quantity"], one["form"], one["level"]) for one in own["intervals"]] == [
            (quantity, form, level) for quantity in QUANTITIES for form in FORMS for level in LEVELS
        ]
        for one in own["intervals"]:
            simultaneous = one["form"] == "simultaneous"
            # A window without counts has no shares.
            first = 1 if one["quantity"] == "share" else 0
            ends = calibration.intervals(new.heads, one["level"], one["quantity"], simultaneous=simultaneous)
            ends, y = ends[first:, target], measured_in_bins(new.counts, new.heads, one["quantity"])[first:, target]
            inside = (ends[..., 0] <= y) & (y <= ends[..., 1])
            by_window = inside.all(axis=(1, 2)) if simultaneous else inside.mean(axis=(1, 2))
            expected = np.average(by_window, weights=group_weights(new.group[first:]))
            assert abs(one["coverage"] - expected) < 1e-4
            np.testing.assert_allclose(one["width"], np.median(ends[..., 1] - ends[..., 0]), rtol=1e-3)


def test_levels_of_profiles_that_cannot_be_had_are_left_out():
    rng = np.random.default_rng(3)
    known = drawn_windows(rng, 9)
    calibration = ProfileCalibration.of_predictions(known.counts, known.group, known.heads, known.heads)
    told = measure_profiles(known.counts, known.group, known.heads, calibration)["targets"][0]["intervals"]
    assert {one["level"] for one in told} == {0.5, 0.8, 0.9}
