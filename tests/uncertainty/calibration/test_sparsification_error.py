"""The area under the sparsification error."""

import numpy as np

from degu.uncertainty.calibration.sparsification_error import USES, metric
from degu.uncertainty.distributions import Distribution


def by_loop(errors, order) -> float:
    """Return the area of rows of errors, ordered from the most to the least certain."""

    def rms(part):
        return (sum(error**2 for error in part) / len(part)) ** 0.5

    ordered, best, n = [errors[row] for row in order], sorted(errors), len(errors)
    return sum(rms(ordered[:k]) - rms(best[:k]) for k in range(1, n + 1)) / n / rms(errors)


def example(rows: int = 50) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(10)
    mean, std = rng.normal(size=rows), rng.uniform(0.2, 2, size=rows)
    return mean + std * rng.normal(size=rows), mean, std


def test_it_uses_the_std():
    assert USES == "std"


def test_it_is_that_of_a_loop_and_does_not_change_with_the_scale():
    measured, mean, std = example()
    expected = by_loop(list(abs(measured - mean)), np.argsort(std))
    assert expected > 0.01
    np.testing.assert_allclose(metric(measured, Distribution(mean, std)), expected)
    np.testing.assert_allclose(metric(measured, Distribution(mean, 7 * std)), expected)


def test_a_std_that_ranks_the_errors_has_no_area_and_the_opposite_the_greatest():
    measured, mean, std = example()
    errors = abs(measured - mean)
    assert metric(measured, Distribution(mean, errors)) == 0
    worst = metric(measured, Distribution(mean, errors.max() - errors))
    np.testing.assert_allclose(worst, by_loop(list(errors), np.argsort(-errors)))
    assert worst > metric(measured, Distribution(mean, std[::-1])) > metric(measured, Distribution(mean, std)) > 0


def test_a_constant_std_has_the_area_above_the_oracle():
    measured, mean, _ = example()
    errors = np.sort(abs(measured - mean))
    oracle = [np.sqrt(np.mean(errors[:k] ** 2) / np.mean(errors**2)) for k in range(1, 51)]
    np.testing.assert_allclose(metric(measured, Distribution(mean, np.ones(50))), 1 - np.mean(oracle))


def test_ties_do_not_make_it_depend_on_the_order_of_rows():
    measured, mean, std = example()
    order = np.random.default_rng(11).permutation(50)
    found = [metric(measured[rows], Distribution(mean[rows], np.round(std[rows]))) for rows in (np.arange(50), order)]
    np.testing.assert_allclose(found[0], found[1], rtol=1e-12)


def test_it_is_not_a_number_if_no_prediction_errs():
    assert np.isnan(metric(np.zeros(3), Distribution(np.zeros(3), np.arange(3.0))))
