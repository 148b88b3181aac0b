"""The area of miscalibration."""

import numpy as np
import pytest
from scipy import stats

from degu.uncertainty.calibration.miscalibration_area import USES, metric
from degu.uncertainty.distributions import Distribution, Recalibrated


def by_grid(measured, predicted) -> float:
    """Return the area by the midpoint rule, of coverages counted interval by interval; within 1 / 2000."""
    levels = (np.arange(1000) + 0.5) / 1000
    total = 0.0
    for level in levels:
        lower, upper = predicted.interval(level)
        total += abs(np.mean((lower <= measured) & (measured <= upper)) - level)
    return total / len(levels)


def test_it_uses_levels():
    assert USES == "levels"


@pytest.mark.parametrize("family", ["normal", "laplace"])
@pytest.mark.parametrize("wrong", [0.3, 1.0, 3.0])
def test_it_is_that_of_numerical_integration(family, wrong):
    rng = np.random.default_rng(3)
    mean, std = rng.normal(size=40), rng.uniform(0.2, 2, size=40)
    measured = mean + wrong * std * rng.normal(size=40)
    predicted = Distribution(mean, std, family)
    np.testing.assert_allclose(metric(measured, predicted), by_grid(measured, predicted), atol=5e-4)


def test_it_is_that_of_numerical_integration_after_recalibration():
    measured = np.random.default_rng(4).normal(size=40)
    predicted = Distribution(np.zeros(40), np.ones(40))
    mapped = Recalibrated(predicted, np.array([0, 0.3, 0.6, 1]), np.array([0, 0.1, 0.8, 1]))
    np.testing.assert_allclose(metric(measured, mapped), by_grid(measured, mapped), atol=5e-4)


def test_nothing_or_everything_covered_is_the_worst():
    predicted = Distribution(np.zeros(5), np.ones(5))
    np.testing.assert_allclose(metric(np.zeros(5), predicted), 0.5)
    np.testing.assert_allclose(metric(np.full(5, 1e3), predicted), 0.5)


def test_one_value_in_closed_form():
    # Coverage is 0 below the level u that reaches the value, and 1 above: u^2 / 2 + (1 - u)^2 / 2.
    for u in (0.2, 0.5, 0.9):
        value = stats.norm.ppf((1 + u) / 2)
        np.testing.assert_allclose(metric([value], Distribution([0.0], [1.0])), u**2 / 2 + (1 - u) ** 2 / 2)


def test_evenly_spread_levels_have_the_least_area():
    # Steps in the middle of each nth part leave 2n triangles of base and height 1 / (2n).
    levels = (np.arange(50) + 0.5) / 50
    measured = stats.norm.ppf((1 + levels) / 2)
    np.testing.assert_allclose(metric(measured, Distribution(np.zeros(50), np.ones(50))), 1 / 200)
