import numpy as np
import pytest
from mapie.regression import ConformalizedQuantileRegressor
from sklearn.linear_model import LinearRegression

from degu.uncertainty.conformal.quantile import intervals
from degu.uncertainty.rows import Inapplicable, Rows


def random_rows(n, seed, half_width=0.5):
    rng = np.random.default_rng(seed)
    mean = rng.standard_normal(n)
    half = half_width * rng.uniform(0.5, 1.5, n)
    quantiles = {"lower": mean - half, "upper": mean + half}
    return Rows(measured=mean + rng.standard_normal(n), mean=mean, quantiles=quantiles)


def column(index):
    """Return a fitted model that predicts a column of its features."""
    x = np.random.default_rng(0).standard_normal((20, 3))
    return LinearRegression().fit(x, x[:, index])


def features(rows):
    return np.stack([rows.quantiles["lower"], rows.quantiles["upper"], rows.mean], axis=1)


@pytest.mark.parametrize("level", [0.5, 0.8, 0.9, 0.95])
@pytest.mark.parametrize("half_width", [0.3, 3.0])
@pytest.mark.parametrize("n", [60, 101, 400])
def test_agrees_with_mapie(level, half_width, n):
    rows = {"calibration": random_rows(n, n, half_width), "test": random_rows(20, 1, half_width)}
    reference = ConformalizedQuantileRegressor([column(0), column(1), column(2)], level, prefit=True)
    reference.conformalize(features(rows["calibration"]), rows["calibration"].measured)
    expected = reference.predict_interval(features(rows["test"]), symmetric_correction=True)[1][:, :, 0]
    expected = np.where(expected[:, :1] > expected[:, 1:], expected.mean(axis=1, keepdims=True), expected)
    np.testing.assert_allclose(intervals(rows, level), expected, atol=1e-9)


def test_margin_is_the_score_of_the_exact_rank():
    rows = {"calibration": random_rows(9, 0), "test": random_rows(3, 1)}
    calibration, test = rows["calibration"], rows["test"]
    scores = [
        max(low - y, y - high)
        for y, low, high in zip(calibration.measured, *calibration.quantiles.values(), strict=True)
    ]
    expected = [
        [low - max(scores), high + max(scores)] for low, high in zip(*test.quantiles.values(), strict=True)
    ]  # 0.9 * 10 is the ninth of nine
    np.testing.assert_allclose(intervals(rows, 0.9), expected)


def test_too_few_rows_give_infinite_intervals():
    result = intervals({"calibration": random_rows(8, 0), "test": random_rows(3, 1)}, 0.9)
    np.testing.assert_array_equal(result, [[-np.inf, np.inf]] * 3)


def test_ends_that_cross_become_a_point():
    # Every calibration row is 1 inside its quantiles, so that both ends of a test row move inwards by 1.
    calibration = Rows(np.zeros(9), np.zeros(9), quantiles={"lower": np.full(9, -1.0), "upper": np.full(9, 1.0)})
    test = Rows(np.zeros(2), np.zeros(2), quantiles={"lower": np.array([2.0, 0]), "upper": np.array([3.0, 4])})
    np.testing.assert_allclose(intervals({"calibration": calibration, "test": test}, 0.5), [[2.5, 2.5], [1, 3]])


def test_model_without_quantiles_is_refused():
    rows = Rows(measured=np.zeros(9), mean=np.zeros(9), std={"total": np.ones(9)})
    with pytest.raises(Inapplicable, match="no quantiles 'lower'"):
        intervals({"calibration": rows, "test": rows}, 0.5)
