"""Sharpness."""

import numpy as np

from degu.uncertainty.calibration.sharpness import USES, metric
from degu.uncertainty.distributions import Distribution


def test_it_uses_the_std():
    assert USES == "std"


def test_it_is_the_root_mean_variance_whatever_was_measured():
    for family in ("normal", "laplace"):
        for measured in (np.zeros(2), np.array([100.0, -3.0])):
            found = metric(measured, Distribution(np.array([5.0, -1.0]), np.array([3.0, 4.0]), family))
            np.testing.assert_allclose(found, np.sqrt(12.5))
