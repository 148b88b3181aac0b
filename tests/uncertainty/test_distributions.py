"""Predictive distributions."""

import math

import numpy as np
import pytest
from scipy import integrate

from degu.errors import DeguError
from degu.uncertainty.distributions import MINIMUM_STD, Distribution, Recalibrated, as_measured

FAMILIES = ["normal", "laplace"]


def density(family: str, x: float, mean: float, std: float) -> float:
    if family == "normal":
        return math.exp(-((x - mean) ** 2) / (2 * std**2)) / math.sqrt(2 * math.pi * std**2)
    return math.exp(-math.sqrt(2) * abs(x - mean) / std) / (math.sqrt(2) * std)


def integral(function, mean: float, low: float, high: float) -> float:
    """Return an integral in two parts, as the Laplace density has a kink at its mean."""
    cut = min(max(mean, low), high)
    return sum(integrate.quad(function, *ends, epsabs=1e-11)[0] for ends in ((low, cut), (cut, high)))


def example(family: str, rows: int = 8) -> tuple[np.ndarray, Distribution]:
    rng = np.random.default_rng(3)
    mean, std = rng.normal(size=rows), rng.uniform(0.3, 2, size=rows)
    return mean + 1.5 * rng.normal(size=rows), Distribution(mean, std, family)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_std_is_that_of_the_density(family):
    _, predicted = example(family, rows=3)
    for mean, std in zip(predicted.mean, predicted.std, strict=True):
        low, high = mean - 40 * std, mean + 40 * std
        found = integral(lambda x, m=mean, s=std: (x - m) ** 2 * density(family, x, m, s), mean, low, high)
        np.testing.assert_allclose(math.sqrt(found), std, rtol=1e-8)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_cdf_is_the_integral_of_the_density(family):
    values, predicted = example(family)
    expected = [
        integral(lambda x, m=mean, s=std: density(family, x, m, s), mean, mean - 40 * std, value)
        for value, mean, std in zip(values, predicted.mean, predicted.std, strict=True)
    ]
    np.testing.assert_allclose(predicted.cdf(values), expected, atol=1e-9)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_log_density_is_that_of_the_formula_and_finite_far_out(family):
    values, predicted = example(family)
    expected = [
        math.log(density(family, value, mean, std))
        for value, mean, std in zip(values, predicted.mean, predicted.std, strict=True)
    ]
    np.testing.assert_allclose(predicted.log_density(values), expected, rtol=1e-12)
    far = Distribution([0.0], [1.0], family).log_density([2000.0])
    closed = {
        "normal": -(2000**2) / 2 - math.log(2 * math.pi) / 2,
        "laplace": -2000 * math.sqrt(2) - math.log(2) / 2,
    }
    np.testing.assert_allclose(far, closed[family], rtol=1e-12)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_crps_is_the_integral_over_the_squared_difference_of_cdfs(family):
    values, predicted = example(family)
    for row, (value, mean, std) in enumerate(zip(values, predicted.mean, predicted.std, strict=True)):
        one = Distribution([mean], [std], family)
        below = integral(lambda x, d=one: d.cdf([x])[0] ** 2, mean, mean - 40 * std, value)
        above = integral(lambda x, d=one: (1 - d.cdf([x])[0]) ** 2, mean, value, mean + 40 * std)
        np.testing.assert_allclose(predicted.crps(values)[row], below + above, rtol=1e-7)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("level", [0.0, 0.3, 0.95, 0.999])
def test_the_interval_is_central_and_holds_its_level(family, level):
    _, predicted = example(family)
    lower, upper = predicted.interval(level)
    np.testing.assert_allclose(predicted.cdf(lower), (1 - level) / 2, atol=1e-12)
    np.testing.assert_allclose(predicted.cdf(upper), (1 + level) / 2, atol=1e-12)
    np.testing.assert_allclose(lower + upper, 2 * predicted.mean, atol=1e-9)


def test_known_intervals():
    np.testing.assert_allclose(Distribution([1.0], [2.0]).interval(0.95), [[1 - 3.919928], [1 + 3.919928]], atol=1e-6)
    half = math.log(10) * 2 / math.sqrt(2)
    np.testing.assert_allclose(Distribution([1.0], [2.0], "laplace").interval(0.9), [[1 - half], [1 + half]])
    np.testing.assert_array_equal(Distribution([1.0], [2.0]).interval(1.0), [[-np.inf], [np.inf]])


@pytest.mark.parametrize("family", FAMILIES)
def test_a_std_of_zero_is_raised_to_the_minimum_and_scores_are_finite(family):
    predicted = Distribution([0.0, 0.0, 0.0], [0.0, MINIMUM_STD / 2, 1.0], family)
    np.testing.assert_array_equal(predicted.std, [MINIMUM_STD, MINIMUM_STD, 1.0])
    values = np.array([0.1, 0.0, 0.0])
    for found in (predicted.cdf(values), predicted.log_density(values), *predicted.interval(0.95)):
        assert np.isfinite(found).all()
    # A point has the absolute error for its score.
    np.testing.assert_allclose(predicted.crps(values)[:2], [0.1, 0.0], atol=2 * MINIMUM_STD)
    assert predicted.log_density(values)[0] < -1e4


def test_arrays_become_double_and_the_callers_own_is_left_alone():
    std = np.zeros(2, dtype=np.float64)
    predicted = Distribution(np.ones(2, dtype=np.float32), std)
    assert predicted.mean.dtype == predicted.std.dtype == np.float64
    assert len(predicted) == 2
    np.testing.assert_array_equal(std, 0)


@pytest.mark.parametrize(
    ("mean", "std", "family", "what"),
    [
        ([0.0], [1.0], "gaussian", "did you mean|known: laplace, normal"),
        ([0.0, 1.0], [1.0], "normal", r"shape \(2,\) and stds of shape \(1,\)"),
        ([[0.0], [1.0]], [[1.0], [1.0]], "normal", r"shape \(2, 1\)"),
        ([], [], "normal", r"shape \(0,\)"),
        ([0.0, np.nan, np.inf], [1.0, 1.0, 1.0], "normal", "2 of 3 means are not finite: rows 1, 2"),
        ([0.0, 0.0, 0.0], [1.0, -1e-9, 1.0], "normal", "1 of 3 stds are negative or not finite: row 1"),
        ([0.0, 0.0, 0.0], [np.nan, 1.0, np.inf], "laplace", "2 of 3 stds are negative or not finite: rows 0, 2"),
    ],
)
def test_what_is_no_distribution_is_refused(mean, std, family, what):
    with pytest.raises(DeguError, match=what):
        Distribution(mean, std, family)


@pytest.mark.parametrize("level", [-0.1, 1.1, np.nan])
def test_a_level_outside_0_to_1_is_refused(level):
    predicted = Distribution([0.0], [1.0])
    for one in (predicted, Recalibrated(predicted, np.array([0, 1]), np.array([0, 1]))):
        with pytest.raises(DeguError, match="from 0 to 1"):
            one.interval(level)


@pytest.mark.parametrize("method", ["cdf", "log_density", "crps"])
def test_values_that_do_not_match_the_predictions_are_refused(method):
    predicted = Distribution([0.0, 1.0], [1.0, 1.0])
    with pytest.raises(DeguError, match=r"the shape is \(2, 1\)"):
        getattr(predicted, method)([[0.0], [1.0]])
    with pytest.raises(DeguError, match=r"one for each prediction, \(2,\)"):
        getattr(predicted, method)([0.0])
    with pytest.raises(DeguError, match="1 of 2 are not finite: row 1"):
        getattr(predicted, method)([0.0, np.nan])


def test_measured_values_become_double():
    assert as_measured(np.ones(3, dtype=np.float32), 3).dtype == np.float64


@pytest.mark.parametrize("family", FAMILIES)
def test_the_identity_map_recalibrates_nothing(family):
    values, predicted = example(family)
    same = Recalibrated(predicted, np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    assert len(same) == len(predicted)
    np.testing.assert_allclose(same.cdf(values), predicted.cdf(values), rtol=1e-12)
    np.testing.assert_allclose(same.interval(0.8), predicted.interval(0.8), rtol=1e-12)


def test_a_map_of_levels_by_hand():
    # Half of the nominal probability holds a quarter of the values.
    predicted = Distribution([0.0, 10.0], [1.0, 2.0])
    mapped = Recalibrated(predicted, np.array([0.0, 0.5, 1.0]), np.array([0.0, 0.25, 1.0]))
    np.testing.assert_allclose(mapped.cdf([0.0, 10.0]), 0.25)
    # Levels 0.25 and 0.75 are the nominal 0.5 and 0.5 + 0.5 * (0.5 / 0.75) = 5/6, whose normal quantile is 0.967422.
    np.testing.assert_allclose(mapped.interval(0.5), [[0.0, 10.0], [0.967422, 10 + 2 * 0.967422]], atol=1e-6)
    for level in (0.1, 0.5, 0.9):
        lower, upper = mapped.interval(level)
        np.testing.assert_allclose(mapped.cdf(upper) - mapped.cdf(lower), level)
    np.testing.assert_array_equal(mapped.interval(1.0)[1], np.inf)


def test_a_recalibrated_distribution_has_no_std_density_or_score():
    mapped = Recalibrated(Distribution([0.0], [1.0]), np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    assert not any(hasattr(mapped, name) for name in ("mean", "std", "log_density", "crps"))
