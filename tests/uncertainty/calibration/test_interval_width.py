"""Width of central intervals."""

import math

import numpy as np
import pytest

from degu.uncertainty.calibration.interval_width import USES, metric
from degu.uncertainty.distributions import Distribution, Recalibrated

STD = np.array([0.5, 1.0, 3.0])


def test_it_uses_levels():
    assert USES == "levels"


def test_the_width_is_a_known_number_of_stds():
    measured = np.array([0.0, 100.0, -5.0])
    np.testing.assert_allclose(metric(measured, Distribution(np.arange(3.0), STD)), 2 * 1.959964 * 1.5, rtol=1e-6)


@pytest.mark.parametrize("level", [0.5, 0.9])
def test_the_width_of_a_laplace_interval_in_closed_form(level):
    expected = -2 * math.log(1 - level) * 1.5 / math.sqrt(2)
    np.testing.assert_allclose(metric(np.zeros(3), Distribution(np.zeros(3), STD, "laplace"), level=level), expected)


def test_a_recalibrated_interval_is_that_of_the_nominal_level():
    # The levels 0.25 and 0.75 were observed at the nominal 0.025 and 0.975.
    predicted = Distribution(np.zeros(3), STD)
    mapped = Recalibrated(predicted, np.array([0, 0.025, 0.975, 1]), np.array([0, 0.25, 0.75, 1]))
    np.testing.assert_allclose(metric(np.zeros(3), mapped, level=0.5), 2 * 1.959964 * 1.5, rtol=1e-6)
