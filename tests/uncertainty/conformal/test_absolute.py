import numpy as np
import pytest
from mapie.regression import SplitConformalRegressor
from sklearn.linear_model import LinearRegression

from degu.uncertainty.conformal.absolute import intervals
from degu.uncertainty.rows import Rows


def random_rows(n, seed):
    rng = np.random.default_rng(seed)
    return Rows(measured=rng.standard_normal(n), mean=rng.standard_normal(n))


@pytest.mark.parametrize(("n", "position"), [(9, 9), (10, 10), (19, 18), (99, 90), (100, 91), (999, 900)])
def test_half_width_is_the_residual_of_the_exact_rank(n, position):
    # 0.9 * 10, * 11, * 20, * 100, * 101 and * 1000, rounded up by hand: floating error must not add one.
    rows = {"calibration": random_rows(n, 0), "test": random_rows(5, 1)}
    residual = np.sort(np.abs(rows["calibration"].measured - rows["calibration"].mean))[position - 1]
    expected = np.stack([rows["test"].mean - residual, rows["test"].mean + residual], axis=1)
    np.testing.assert_allclose(intervals(rows, 0.9), expected)


def test_agrees_with_mapie():
    # The model is y = x, so that a row's feature is its predicted mean.
    line = LinearRegression().fit(np.arange(5.0)[:, None], np.arange(5.0))
    for n in (50, 123, 400):
        rows = {"calibration": random_rows(n, n), "test": random_rows(20, 1)}
        reference = SplitConformalRegressor(line, confidence_level=0.8, prefit=True)
        reference.conformalize(rows["calibration"].mean[:, None], rows["calibration"].measured)
        expected = reference.predict_interval(rows["test"].mean[:, None])[1][:, :, 0]
        np.testing.assert_allclose(intervals(rows, 0.8), expected, atol=1e-12)


def test_too_few_rows_give_infinite_intervals_and_a_warning():
    with pytest.warns(UserWarning, match="too small"):
        result = intervals({"calibration": random_rows(8, 0), "test": random_rows(4, 1)}, 0.9)
    np.testing.assert_array_equal(result, [[-np.inf, np.inf]] * 4)


def test_measured_test_values_do_not_matter():
    rows = {"calibration": random_rows(30, 0), "test": random_rows(4, 1)}
    other = rows | {"test": Rows(measured=np.full(4, np.nan), mean=rows["test"].mean)}
    np.testing.assert_array_equal(intervals(rows, 0.8), intervals(other, 0.8))
