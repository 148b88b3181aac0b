"""The rank correlation of errors with stds."""

import numpy as np
import pytest

from degu.uncertainty.calibration.error_correlation import USES, metric
from degu.uncertainty.distributions import Distribution


def ranks(values) -> list[float]:
    """Return ranks, of equal values their mean, by counting."""
    return [sum(other < value for other in values) + sum(other == value for other in values) / 2 for value in values]


def test_it_uses_the_std():
    assert USES == "std"


@pytest.mark.parametrize("decimals", [6, 0])
def test_it_is_the_correlation_of_ranks_with_and_without_ties(decimals):
    rng = np.random.default_rng(13)
    mean, std = rng.normal(size=60), np.round(rng.uniform(0.6, 4, size=60), decimals)
    measured = mean + std * rng.normal(size=60)
    expected = np.corrcoef(ranks(abs(measured - mean)), ranks(std))[0, 1]
    assert expected > 0.1
    np.testing.assert_allclose(metric(measured, Distribution(mean, std)), expected)


def test_perfect_orders():
    errors = np.array([0.1, -3.0, 2.0, -0.5])
    np.testing.assert_allclose(metric(errors, Distribution(np.zeros(4), np.abs(errors))), 1)
    np.testing.assert_allclose(metric(errors, Distribution(np.zeros(4), 5 - np.abs(errors))), -1)


def test_it_is_not_a_number_if_one_is_constant():
    assert np.isnan(metric(np.arange(4.0), Distribution(np.zeros(4), np.ones(4))))
    assert np.isnan(metric(np.ones(4), Distribution(np.zeros(4), np.arange(4.0))))
