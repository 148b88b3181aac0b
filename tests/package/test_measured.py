"""What a student is worth, against SciPy and counts."""

import numpy as np
from scipy import stats

from degu.package.calibration import METHODS, Calibration
from degu.package.measured import LEVELS, measure


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
