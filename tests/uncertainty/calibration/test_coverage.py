"""Coverage of central intervals."""

import numpy as np
import pytest

from degu.uncertainty.calibration.coverage import USES, metric
from degu.uncertainty.distributions import Distribution, Recalibrated


def test_it_uses_levels():
    assert USES == "levels"


@pytest.mark.parametrize(("level", "quantile"), [(0.95, 1.959964), (0.5, 0.674490), (0.0, 0.0)])
def test_it_counts_what_lies_within_a_known_number_of_stds(level, quantile):
    rng = np.random.default_rng(1)
    mean, std = rng.normal(size=200), rng.uniform(0.1, 2, size=200)
    measured = mean + rng.normal(size=200)
    inside = sum(abs(y - m) <= quantile * s for y, m, s in zip(measured, mean, std, strict=True))
    assert metric(measured, Distribution(mean, std), level=level) == inside / 200


def test_the_level_is_95_percent_unless_told_and_everything_is_covered_at_1():
    predicted = Distribution(np.zeros(4), np.ones(4))
    measured = np.array([-1.97, -1.95, 1.95, 50.0])
    assert metric(measured, predicted) == 0.5
    assert metric(measured, predicted, level=1.0) == 1.0


def test_a_laplace_interval_is_its_own():
    # Half of a Laplace distribution lies within ln 2 scales, 0.490129 stds.
    predicted = Distribution(np.zeros(2), np.ones(2), "laplace")
    assert metric(np.array([0.4901, 0.4902]), predicted, level=0.5) == 0.5


def test_a_recalibrated_distribution_has_its_own_intervals():
    # All of the probability lies between the nominal quartiles, so the 50 % interval ends at nominal 0.375 and 0.625.
    mapped = Recalibrated(
        Distribution(np.zeros(3), np.ones(3)), np.array([0, 0.25, 0.75, 1]), np.array([0, 1e-9, 1 - 1e-9, 1])
    )
    assert metric(np.array([0.318, 0.319, -0.319]), mapped, level=0.5) == 1 / 3
