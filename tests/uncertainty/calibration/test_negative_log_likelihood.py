"""The negative log likelihood."""

import math

import numpy as np

from degu.uncertainty.calibration.negative_log_likelihood import USES, metric
from degu.uncertainty.distributions import Distribution


def test_it_uses_the_std():
    assert USES == "std"


def test_it_is_that_of_the_formulae():
    rng = np.random.default_rng(7)
    mean, std = rng.normal(size=30), rng.uniform(0.2, 2, size=30)
    measured = mean + rng.normal(size=30)
    rows = list(zip(measured, mean, std, strict=True))
    normal = sum(math.log(s) + math.log(2 * math.pi) / 2 + ((y - m) / s) ** 2 / 2 for y, m, s in rows) / 30
    laplace = sum(math.log(math.sqrt(2) * s) + math.sqrt(2) * abs(y - m) / s for y, m, s in rows) / 30
    np.testing.assert_allclose(metric(measured, Distribution(mean, std)), normal)
    np.testing.assert_allclose(metric(measured, Distribution(mean, std, "laplace")), laplace)


def test_a_value_of_no_density_to_rounding_has_a_finite_score():
    # The density 50 stds out is 10^-543; its logarithm is not infinite.
    np.testing.assert_allclose(metric([50.0], Distribution([0.0], [1.0])), 1250 + math.log(2 * math.pi) / 2)
