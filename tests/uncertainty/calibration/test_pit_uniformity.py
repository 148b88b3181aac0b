"""Uniformity of the probability integral transform."""

import numpy as np
import pytest
from scipy import stats

from degu.uncertainty.calibration.pit_uniformity import USES, metric, p_value
from degu.uncertainty.distributions import Distribution, Recalibrated


def test_it_uses_levels():
    assert USES == "levels"


@pytest.mark.parametrize("wrong", [0.5, 1.0, 2.0])
def test_the_statistic_is_the_greatest_distance_over_the_steps(wrong):
    rng = np.random.default_rng(9)
    mean, std = rng.normal(size=30), rng.uniform(0.2, 2, size=30)
    measured = mean + wrong * std * rng.normal(size=30)
    pit = sorted(stats.norm.cdf((y - m) / s) for y, m, s in zip(measured, mean, std, strict=True))
    expected = max(max(p - rank / 30, (rank + 1) / 30 - p) for rank, p in enumerate(pit))
    predicted = Distribution(mean, std)
    np.testing.assert_allclose(metric(measured, predicted), expected)
    np.testing.assert_allclose(p_value(measured, predicted), stats.kstwo.sf(expected, 30), rtol=1e-6)


def test_one_value_in_closed_form():
    # P(|U - 1/2| >= |u - 1/2|) of one uniform U.
    predicted = Distribution([0.0], [1.0])
    np.testing.assert_allclose(metric([stats.norm.ppf(0.8)], predicted), 0.8)
    np.testing.assert_allclose(p_value([stats.norm.ppf(0.8)], predicted), 0.4)


def test_quantiles_are_as_uniform_as_can_be():
    measured = stats.norm.ppf((np.arange(40) + 0.5) / 40)
    predicted = Distribution(np.zeros(40), np.ones(40))
    np.testing.assert_allclose(metric(measured, predicted), 1 / 80)
    assert p_value(measured, predicted) > 0.999
    assert p_value(measured + 2, predicted) < 1e-6


def test_a_map_that_undoes_the_model_restores_uniformity():
    # The PIT's square roots are uniform where the map is the square root.
    pit = ((np.arange(100) + 0.5) / 100) ** 2
    predicted = Distribution(np.zeros(100), np.ones(100))
    grid = np.linspace(0, 1, 2001)
    mapped = Recalibrated(predicted, grid**2, grid)
    measured = stats.norm.ppf(pit)
    np.testing.assert_allclose(metric(measured, mapped), 1 / 200, atol=1e-4)
    assert metric(measured, predicted) > 0.2
