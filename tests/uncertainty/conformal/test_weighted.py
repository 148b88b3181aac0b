import logging
from dataclasses import replace

import numpy as np
import pytest

from degu.uncertainty.conformal import absolute, normalized
from degu.uncertainty.conformal.weighted import intervals
from degu.uncertainty.rows import Inapplicable, Rows


def random_rows(n, seed, weights=None):
    rng = np.random.default_rng(seed)
    weights = rng.exponential(size=n) if weights is None else weights
    std = {"total": rng.uniform(0.5, 2, n)}
    return Rows(measured=rng.standard_normal(n), mean=rng.standard_normal(n), std=std, weights=weights)


def half_width_by_definition(scores, weights, test_weight, level):
    """Return the least score such that scores up to it have `level` of the weight, the test row's being at infinity."""
    total = sum(weights) + test_weight
    for candidate in sorted(scores):
        if sum(w for w, score in zip(weights, scores, strict=True) if score <= candidate) / total >= level:
            return candidate
    return np.inf


@pytest.mark.parametrize("level", [0.5, 0.8, 0.9, 0.95])
@pytest.mark.parametrize("std", [None, "total"])
def test_agrees_with_the_definition_and_with_numpy(level, std):
    calibration, test = random_rows(37, 0), random_rows(50, 1)
    result = intervals({"calibration": calibration, "test": test}, level, std=std)
    scale, test_scale = (1, np.ones(50)) if std is None else (calibration.std[std], test.std[std])
    scores = np.abs(calibration.measured - calibration.mean) / scale
    for row in range(50):
        half = half_width_by_definition(scores, calibration.weights, test.weights[row], level)
        weights = np.append(calibration.weights, test.weights[row])
        assert half == np.quantile(np.append(scores, np.inf), level, weights=weights, method="inverted_cdf")
        expected = test.mean[row] + half * test_scale[row] * np.array([-1, 1])
        np.testing.assert_allclose(result[row], expected)


@pytest.mark.parametrize("n", [9, 10, 19, 99, 100, 999])
@pytest.mark.parametrize("weight", [1.0, 0.1, 7e5])
def test_equal_weights_give_the_unweighted_methods(n, weight):
    rows = {
        "calibration": random_rows(n, 0, np.full(n, weight)),
        "test": random_rows(5, 1, np.full(5, weight)),
    }
    np.testing.assert_allclose(intervals(rows, 0.9), absolute.intervals(rows, 0.9))
    np.testing.assert_allclose(intervals(rows, 0.9, std="total"), normalized.intervals(rows, 0.9, std="total"))


def test_constant_factor_of_the_weights_does_not_matter():
    rows = {"calibration": random_rows(30, 0), "test": random_rows(20, 1)}
    scaled = {split: replace(part, weights=1e6 * part.weights) for split, part in rows.items()}
    np.testing.assert_array_equal(intervals(rows, 0.8), intervals(scaled, 0.8))


def test_row_heavier_than_alpha_is_infinite_and_is_counted_in_the_log(caplog):
    # 9 of weight 1: 0.9 is reached by the largest score for a test row of up to 1, and by none for a heavier one.
    rows = {"calibration": random_rows(9, 0, np.ones(9)), "test": random_rows(3, 1, np.array([0.9, 1, 1.1]))}
    with caplog.at_level(logging.WARNING):
        result = intervals(rows, 0.9)
    np.testing.assert_array_equal(np.isinf(result[:, 1]), [False, False, True])
    assert "1 of 3 test rows have infinite intervals" in caplog.text


def test_calibration_row_without_weight_does_not_count():
    calibration, test = random_rows(30, 0), random_rows(20, 1)
    extra = Rows(
        measured=np.append(calibration.measured, 1e9),
        mean=np.append(calibration.mean, 0.0),
        weights=np.append(calibration.weights, 0.0),
    )
    np.testing.assert_array_equal(
        intervals({"calibration": calibration, "test": test}, 0.8), intervals({"calibration": extra, "test": test}, 0.8)
    )


def test_rows_without_weights_are_refused():
    plain = Rows(measured=np.zeros(9), mean=np.zeros(9))
    with pytest.raises(Inapplicable, match="no weights"):
        intervals({"calibration": random_rows(9, 0), "test": plain}, 0.5)
    with pytest.raises(Inapplicable, match="no weights"):
        intervals({"calibration": plain, "test": random_rows(9, 0)}, 0.5)


def test_missing_std_is_refused():
    rows = {"calibration": random_rows(9, 0), "test": random_rows(9, 1)}
    with pytest.raises(Inapplicable, match="no std 'epistemic'"):
        intervals(rows, 0.5, std="epistemic")
