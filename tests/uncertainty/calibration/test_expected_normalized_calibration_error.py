"""The expected normalised calibration error."""

import numpy as np
import pytest

from degu.uncertainty.calibration.expected_normalized_calibration_error import USES, metric
from degu.uncertainty.distributions import Distribution


def by_loop(measured, mean, std, bins) -> float:
    """Return the error of rows whose stds all differ, and whose number `bins` divides."""
    rows = sorted(zip(std, measured - mean, strict=True))
    size = len(rows) // bins
    total = 0.0
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        rmv = (sum(s**2 for s, _ in part) / size) ** 0.5
        rmse = (sum(e**2 for _, e in part) / size) ** 0.5
        total += abs(rmv - rmse) / rmv
    return total / bins


def example(rows: int = 120) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    mean, std = rng.normal(size=rows), rng.uniform(0.2, 2, size=rows)
    return mean + rng.normal(size=rows), mean, std


def test_it_uses_the_std():
    assert USES == "std"


@pytest.mark.parametrize("bins", [1, 6, 10, 120])
def test_it_is_that_of_a_loop(bins):
    measured, mean, std = example()
    expected = by_loop(measured, mean, std, bins)
    np.testing.assert_allclose(metric(measured, Distribution(mean, std), bins=bins), expected)


def test_there_are_ten_bins_unless_told_and_no_more_than_rows():
    measured, mean, std = example()
    np.testing.assert_allclose(metric(measured, Distribution(mean, std)), by_loop(measured, mean, std, 10))
    few = measured[:4], mean[:4], std[:4]
    np.testing.assert_allclose(metric(few[0], Distribution(*few[1:])), by_loop(*few, 4))


@pytest.mark.parametrize("factor", [0.5, 1.0, 3.0])
def test_errors_of_a_constant_number_of_stds(factor):
    _, mean, std = example()
    sign = np.where(np.arange(120) % 2, 1, -1)
    np.testing.assert_allclose(metric(mean + factor * sign * std, Distribution(mean, std)), abs(factor - 1), atol=1e-12)


def test_a_constant_std_is_compared_with_the_error_of_all():
    measured, mean, _ = example()
    rmse = np.sqrt(np.mean((measured - mean) ** 2))
    np.testing.assert_allclose(metric(measured, Distribution(mean, np.full(120, 0.4))), abs(0.4 - rmse) / 0.4)


def test_ties_do_not_make_it_depend_on_the_order_of_rows():
    measured, mean, std = example()
    order = np.random.default_rng(6).permutation(120)
    found = [
        metric(measured[rows], Distribution(mean[rows], np.round(std[rows], 1))) for rows in (np.arange(120), order)
    ]
    np.testing.assert_allclose(found[0], found[1], rtol=1e-12)
