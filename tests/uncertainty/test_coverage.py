import numpy as np
import pandas as pd
import pytest
from scipy import special

from degu.uncertainty.coverage import binomial_band, coverage, coverage_by_bin, mean_width, median_width


def test_coverage_counts_values_inside_and_at_the_ends():
    intervals = np.array([[0.0, 1], [0, 1], [0, 1], [0, 1], [-np.inf, np.inf]])
    assert coverage(np.array([0.0, 1, 0.5, 1.1, 1e9]), intervals) == 0.8
    assert coverage(np.array([-0.1, 1.1, 2, 3, np.nan]), intervals) == 0


def test_weights_count_rows_as_often():
    rng = np.random.default_rng(0)
    measured, intervals = rng.standard_normal(30), np.tile([-0.5, 1.0], (30, 1))
    weights = rng.integers(0, 4, 30)
    repeated = np.repeat(np.arange(30), weights)
    expected = coverage(measured[repeated], intervals[repeated])
    assert coverage(measured, intervals, weights) == pytest.approx(expected)
    assert coverage(measured, intervals) != pytest.approx(expected)


def test_widths():
    intervals = np.array([[0.0, 1], [1, 3], [-1, 5]])
    assert mean_width(intervals) == 3
    assert median_width(intervals) == 2


def test_infinite_interval_makes_the_mean_width_infinite_and_leaves_the_median_finite():
    intervals = np.array([[0.0, 1], [1, 3], [-np.inf, np.inf]])
    assert mean_width(intervals) == np.inf
    assert median_width(intervals) == 2


def test_bins_have_equally_many_rows_and_their_own_coverage():
    rng = np.random.default_rng(0)
    by, measured = rng.permutation(20).astype(float), np.zeros(20)
    # Rows with a feature below 10 are covered by intervals of width 2, the others missed by ones of width 1.
    intervals = np.where(by[:, None] < 10, [-1.0, 1.0], [1.0, 2.0])
    expected = pd.DataFrame(
        {
            "bin": [0, 1, 2, 3],
            "low": [0.0, 5, 10, 15],
            "high": [4.0, 9, 14, 19],
            "rows": 5,
            "coverage": [1.0, 1, 0, 0],
            "width": [2.0, 2, 1, 1],
        }
    )
    pd.testing.assert_frame_equal(coverage_by_bin(measured, intervals, by, bins=4), expected)


def test_bins_together_are_all_rows():
    rng = np.random.default_rng(1)
    measured, by = rng.standard_normal(203), rng.standard_normal(203)
    intervals = np.sort(rng.standard_normal((203, 2)), axis=1)
    table = coverage_by_bin(measured, intervals, by)
    assert len(table) == 5
    assert table["rows"].sum() == 203
    assert table["rows"].max() - table["rows"].min() <= 1
    assert np.average(table["coverage"], weights=table["rows"]) == pytest.approx(coverage(measured, intervals))
    assert np.average(table["width"], weights=table["rows"]) == pytest.approx(mean_width(intervals))
    assert (table["low"][1:].to_numpy() > table["high"][:-1].to_numpy()).all()


def test_equal_values_are_never_parted():
    by = np.repeat([0.0, 1.0], [30, 10])
    table = coverage_by_bin(np.zeros(40), np.tile([-1.0, 1.0], (40, 1)), by, bins=5)
    assert table[["bin", "low", "high", "rows"]].to_numpy().tolist() == [[0, 0, 0, 30], [1, 1, 1, 10]]
    constant = coverage_by_bin(np.zeros(8), np.tile([-1.0, 1.0], (8, 1)), np.ones(8))
    assert constant["rows"].tolist() == [8]


@pytest.mark.parametrize("n", [20, 100, 3000])
@pytest.mark.parametrize("level", [0.5, 0.9, 0.95])
def test_band_holds_its_confidence_and_no_smaller_one_does(n, level):
    # The regularised incomplete beta function is the binomial distribution function.
    low, high = (round(n * end) for end in binomial_band(n, level, 0.99))

    def at_most(k):
        return special.betainc(n - k, k + 1, 1 - level) if 0 <= k < n else float(k >= n)

    assert at_most(low - 1) < 0.005 <= at_most(low)
    assert at_most(high - 1) < 0.995 <= at_most(high)


def test_band_narrows_with_rows_and_widens_with_confidence():
    low, high = binomial_band(1000, 0.9)
    assert low < 0.9 < high
    assert binomial_band(100, 0.9)[0] < low
    assert binomial_band(1000, 0.9, 0.9)[0] > low


def test_band_of_a_calibrated_method_is_beta_binomial():
    n, m, level = 200, 99, 0.9
    rng = np.random.default_rng(8)
    # The 90th of 99 uniform scores has the distribution Beta(90, 10); it is the probability that a new row is covered.
    probability = np.sort(rng.random((20_000, m)), axis=1)[:, 89]
    coverages = rng.binomial(n, probability) / n
    low, high = binomial_band(n, level, calibration_rows=m)
    assert 0.985 <= np.mean((low <= coverages) & (coverages <= high)) <= 0.9975
    narrow = binomial_band(n, level)
    assert low < narrow[0] < narrow[1] < high
