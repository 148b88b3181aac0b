"""The interval score."""

import numpy as np
import pytest
from scipy import stats

from degu.errors import DeguError
from degu.uncertainty.calibration.interval_score import USES, metric
from degu.uncertainty.distributions import Distribution, Recalibrated


def test_it_uses_levels():
    assert USES == "levels"


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95])
@pytest.mark.parametrize("family", ["normal", "laplace"])
def test_it_is_that_of_a_loop(family, level):
    rng = np.random.default_rng(2)
    mean, std = rng.normal(size=50), rng.uniform(0.2, 2, size=50)
    measured = mean + 2 * rng.normal(size=50)
    law, scale = (stats.norm, std) if family == "normal" else (stats.laplace, std / np.sqrt(2))
    total = 0.0
    outside = [0, 0]
    for y, m, s in zip(measured, mean, scale, strict=True):
        lower, upper = m + s * law.ppf((1 - level) / 2), m + s * law.ppf((1 + level) / 2)
        total += upper - lower
        if y < lower:
            total += 2 / (1 - level) * (lower - y)
            outside[0] += 1
        if y > upper:
            total += 2 / (1 - level) * (y - upper)
            outside[1] += 1
    assert min(outside) > 0
    np.testing.assert_allclose(metric(measured, Distribution(mean, std, family), level=level), total / 50)


def test_a_recalibrated_case_by_hand():
    predicted = Distribution([0.0, 0.0], [1.0, 1.0])
    mapped = Recalibrated(predicted, np.array([0, 0.025, 0.975, 1]), np.array([0, 0.25, 0.75, 1]))
    # Widths of 3.919928, and one value 0.040036 above an interval of level 0.5.
    np.testing.assert_allclose(metric([0.0, 2.0], mapped, level=0.5), 3.919928 + 4 * 0.040036 / 2, atol=1e-5)


def test_the_level_is_95_percent_unless_told_and_1_is_refused():
    predicted = Distribution([0.0], [1.0])
    np.testing.assert_allclose(metric([0.0], predicted), 3.919928, atol=1e-6)
    with pytest.raises(DeguError, match="below 1"):
        metric([0.0], predicted, level=1.0)


def test_values_of_another_shape_are_refused():
    with pytest.raises(DeguError, match=r"the shape is \(2, 1\)"):
        metric(np.zeros((2, 1)), Distribution(np.zeros(2), np.ones(2)))
