"""The continuous ranked probability score."""

import math

import numpy as np
import pytest
from scipy import integrate, stats

from degu.uncertainty.calibration.crps import USES, metric
from degu.uncertainty.distributions import Distribution


def test_it_uses_the_std():
    assert USES == "std"


@pytest.mark.parametrize("family", ["normal", "laplace"])
def test_it_is_the_mean_of_numerical_integrals(family):
    rng = np.random.default_rng(8)
    mean, std = rng.normal(size=6), rng.uniform(0.2, 2, size=6)
    measured = mean + rng.normal(size=6)
    total = 0.0
    for y, m, s in zip(measured, mean, std, strict=True):
        law = stats.norm(m, s) if family == "normal" else stats.laplace(m, s / math.sqrt(2))
        x = np.concatenate([np.linspace(m - 40 * s, y, 200_001), np.linspace(y, m + 40 * s, 200_001)])
        below, above = law.cdf(x[:200_001]) ** 2, law.sf(x[200_001:]) ** 2
        total += integrate.trapezoid(below, x[:200_001]) + integrate.trapezoid(above, x[200_001:])
    np.testing.assert_allclose(metric(measured, Distribution(mean, std, family)), total / 6, rtol=1e-6)


def test_the_score_of_the_mean_in_closed_form():
    np.testing.assert_allclose(metric([0.0], Distribution([0.0], [2.0])), 2 * (math.sqrt(2) - 1) / math.sqrt(math.pi))
    np.testing.assert_allclose(metric([0.0], Distribution([0.0], [2.0], "laplace")), math.sqrt(2) / 4)


@pytest.mark.parametrize("family", ["normal", "laplace"])
def test_a_point_scores_its_absolute_error(family):
    np.testing.assert_allclose(metric([3.0, -1.0], Distribution([0.0, 0.0], [0.0, 0.0], family)), 2.0, atol=1e-5)
