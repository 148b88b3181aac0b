"""Curves of calibration, and what metrics share with them."""

from itertools import permutations

import numpy as np
import pytest
from scipy import stats

from degu.errors import DeguError
from degu.uncertainty.curves import (
    coverage_curve,
    covered,
    errors_by_certainty,
    pit_histogram,
    retained_risk,
    sparsification_curve,
    squared_errors,
)
from degu.uncertainty.distributions import Distribution, Recalibrated


def example(rows: int = 60, family: str = "normal") -> tuple[np.ndarray, Distribution]:
    rng = np.random.default_rng(4)
    mean, std = rng.normal(size=rows), rng.uniform(0.3, 2, size=rows)
    return mean + 1.3 * std * rng.normal(size=rows), Distribution(mean, std, family)


def root_mean_square(errors) -> float:
    return (sum(error**2 for error in errors) / len(errors)) ** 0.5


def test_ends_of_an_interval_are_covered():
    predicted = Distribution(np.zeros(4), np.ones(4))
    end = stats.norm.ppf(0.9)
    np.testing.assert_array_equal(covered([-end, end, -end - 1e-9, end + 1e-9], predicted, 0.8), [1, 1, 0, 0])


def test_coverage_and_width_are_those_of_a_loop():
    measured, predicted = example()
    curve = coverage_curve(measured, predicted, [0.0, 0.5, 0.9, 1.0])
    assert list(curve.columns) == ["level", "coverage", "width"]
    assert list(curve["level"]) == [0.0, 0.5, 0.9, 1.0]
    for level, coverage, width in curve.itertuples(index=False):
        half = stats.norm.ppf((1 + level) / 2)
        inside = [abs(y - m) <= half * s for y, m, s in zip(measured, predicted.mean, predicted.std, strict=True)]
        np.testing.assert_allclose(coverage, sum(inside) / len(inside))
        np.testing.assert_allclose(width, 2 * half * sum(predicted.std) / len(predicted))


def test_coverage_of_a_recalibrated_distribution_agrees_with_its_cdf():
    measured, predicted = example(500)
    mapped = Recalibrated(predicted, np.array([0.0, 0.2, 0.9, 1.0]), np.array([0.0, 0.4, 0.7, 1.0]))
    levels = np.linspace(0.05, 0.95, 10)
    expected = [np.mean(np.abs(2 * mapped.cdf(measured) - 1) <= level) for level in levels]
    np.testing.assert_allclose(coverage_curve(measured, mapped, levels)["coverage"], expected)


def test_measured_values_of_another_shape_are_refused():
    measured, predicted = example(5)
    for function in (lambda y: coverage_curve(y, predicted, [0.5]), lambda y: sparsification_curve(y, predicted)):
        with pytest.raises(DeguError, match=r"the shape is \(5, 1\)"):
            function(measured[:, None])


def test_the_histogram_counts_and_integrates_to_one():
    measured, predicted = example(200)
    histogram = pit_histogram(measured, predicted, bins=8)
    assert list(histogram.columns) == ["left", "right", "density"]
    pit = [stats.norm.cdf((y - m) / s) for y, m, s in zip(measured, predicted.mean, predicted.std, strict=True)]
    for left, right, density in histogram.itertuples(index=False):
        np.testing.assert_allclose(density, sum(left <= p < right for p in pit) / 200 * 8)
    np.testing.assert_allclose((histogram["density"] * (histogram["right"] - histogram["left"])).sum(), 1)
    assert (histogram["left"].iloc[0], histogram["right"].iloc[-1]) == (0, 1)


def test_a_histogram_of_quantiles_is_flat_and_one_of_too_small_a_std_a_u():
    measured = stats.norm.ppf((np.arange(1000) + 0.5) / 1000)
    np.testing.assert_allclose(pit_histogram(measured, Distribution(np.zeros(1000), np.ones(1000)))["density"], 1)
    density = pit_histogram(measured, Distribution(np.zeros(1000), np.full(1000, 0.5)))["density"].to_numpy()
    assert density[0] > 3 and density[-1] > 3 and density[10] < 0.6


def test_sparsification_is_that_of_a_loop():
    measured, predicted = example(60)
    errors = list(abs(measured - predicted.mean))
    by_std = [error for _, error in sorted(zip(predicted.std, errors, strict=True))]
    curve = sparsification_curve(measured, predicted, points=20)
    assert list(curve.columns) == ["removed", "error", "oracle"]
    np.testing.assert_allclose(curve["removed"], np.arange(0, 1, 0.05))
    for step, (_, error, oracle) in enumerate(curve.itertuples(index=False)):
        left = 60 - 3 * step
        np.testing.assert_allclose(error, root_mean_square(by_std[:left]) / root_mean_square(errors))
        np.testing.assert_allclose(oracle, root_mean_square(sorted(errors)[:left]) / root_mean_square(errors))


def test_fractions_are_rounded_down_to_whole_rows_and_some_row_is_always_left():
    measured, predicted = example(7)
    curve = sparsification_curve(measured, predicted, points=20)
    errors = sorted(abs(measured - predicted.mean))
    for removed, _, oracle in curve.itertuples(index=False):
        left = 7 - int(removed * 7 + 1e-9)
        np.testing.assert_allclose(oracle, root_mean_square(errors[:left]) / root_mean_square(errors))
    assert np.isfinite(curve).all(axis=None)


def test_a_constant_std_gives_a_flat_curve():
    measured, predicted = example(60)
    curve = sparsification_curve(measured, Distribution(predicted.mean, np.full(60, 0.7)))
    np.testing.assert_allclose(curve["error"], 1)
    assert curve["oracle"].iloc[-1] < 0.1


def test_ties_do_not_make_curves_depend_on_the_order_of_rows():
    measured, predicted = example(60)
    std = np.round(predicted.std)
    order = np.random.default_rng(5).permutation(60)
    one = sparsification_curve(measured, Distribution(predicted.mean, std))
    other = sparsification_curve(measured[order], Distribution(predicted.mean[order], std[order]))
    np.testing.assert_allclose(one, other, rtol=1e-12)


def test_risk_under_ties_is_the_mean_over_all_orders_of_the_ties():
    measured, std = np.array([1.0, 3.0, 0.5, 2.0, 4.0]), np.array([2.0, 1.0, 1.0, 2.0, 1.0])
    orders = [order for order in permutations(range(5)) if sorted(order, key=lambda row: std[row]) == list(order)]
    assert len(orders) == 12
    expected = np.mean([[np.mean(measured[list(order[:k])] ** 2) for k in range(1, 6)] for order in orders], axis=0)
    stds, squared = errors_by_certainty(measured, Distribution(np.zeros(5), std))
    np.testing.assert_array_equal(stds, [1, 1, 1, 2, 2])
    np.testing.assert_allclose(retained_risk(squared), expected)


def test_no_error_at_all_has_no_relative_error():
    curve = sparsification_curve(np.zeros(5), Distribution(np.zeros(5), np.arange(5.0)))
    assert curve[["error", "oracle"]].isna().all(axis=None)
    np.testing.assert_array_equal(squared_errors(np.full(2, 3.0), Distribution([1.0, 4.0], [1.0, 1.0])), [4, 1])
