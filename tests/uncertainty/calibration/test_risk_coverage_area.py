"""The area under the risk-coverage curve."""

from itertools import permutations

import numpy as np

from degu.uncertainty.calibration.risk_coverage_area import USES, metric
from degu.uncertainty.distributions import Distribution


def by_loop(squared) -> float:
    """Return the area of squared errors, ordered from the most to the least certain."""
    return sum(sum(squared[:k]) / k for k in range(1, len(squared) + 1)) / len(squared)


def example(rows: int = 50) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(12)
    mean, std = rng.normal(size=rows), rng.uniform(0.2, 2, size=rows)
    return mean + std * rng.normal(size=rows), mean, std


def test_it_uses_the_std():
    assert USES == "std"


def test_it_is_that_of_a_loop():
    measured, mean, std = example()
    squared = [(y - m) ** 2 for _, y, m in sorted(zip(std, measured, mean, strict=True))]
    np.testing.assert_allclose(metric(measured, Distribution(mean, std)), by_loop(squared))


def test_no_std_does_better_than_the_error_itself():
    measured, mean, std = example()
    errors = abs(measured - mean)
    best = metric(measured, Distribution(mean, errors))
    np.testing.assert_allclose(best, by_loop(sorted(errors**2)))
    assert best < metric(measured, Distribution(mean, std)) < metric(measured, Distribution(mean, 1 / (errors + 1)))


def test_a_constant_std_has_the_mean_squared_error():
    measured, mean, _ = example()
    np.testing.assert_allclose(metric(measured, Distribution(mean, np.ones(50))), np.mean((measured - mean) ** 2))


def test_ties_count_as_the_mean_over_all_orders_they_could_stand_in():
    measured, std = np.array([1.0, 3.0, 0.5, 2.0, 4.0]), np.array([2.0, 1.0, 1.0, 2.0, 1.0])
    areas = [
        by_loop([measured[row] ** 2 for row in order])
        for order in permutations(range(5))
        if list(std[list(order)]) == sorted(std)
    ]
    assert len(areas) == 12 and np.ptp(areas) > 1
    for order in permutations(range(5)):
        rows = list(order)
        np.testing.assert_allclose(metric(measured[rows], Distribution(np.zeros(5), std[rows])), np.mean(areas))
