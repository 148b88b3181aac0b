"""Recalibration by a factor and by a map of levels."""

import numpy as np
import pytest
from scipy import optimize, stats

from degu.errors import DeguError
from degu.uncertainty.distributions import Distribution
from degu.uncertainty.recalibration import fit_isotonic, recalibrated, scale_std, scaled


def example(family: str = "normal", rows: int = 80, wrong: float = 3.0) -> tuple[np.ndarray, Distribution]:
    """Return values that lie wider than predicted, by the factor `wrong`, and are skewed."""
    rng = np.random.default_rng(6)
    mean, std = rng.normal(size=rows), rng.uniform(0.3, 2, size=rows)
    return mean + wrong * std * (rng.exponential(size=rows) - 1), Distribution(mean, std, family)


@pytest.mark.parametrize("family", ["normal", "laplace"])
def test_the_factor_is_the_most_likely_one(family):
    measured, predicted = example(family)

    def loss(factor):
        law = {"normal": stats.norm, "laplace": stats.laplace}[family]
        scale = factor * predicted.std / (1 if family == "normal" else np.sqrt(2))
        return -law(predicted.mean, scale).logpdf(measured).sum()

    best = optimize.minimize_scalar(loss, bounds=(0.1, 10), method="bounded", options={"xatol": 1e-9}).x
    np.testing.assert_allclose(scale_std(measured, predicted), best, rtol=1e-6)


def test_factors_by_hand():
    measured, std = [3.0, -4.0], [1.0, 1.0]
    np.testing.assert_allclose(scale_std(measured, Distribution([0.0, 0.0], std)), np.sqrt(12.5))
    np.testing.assert_allclose(scale_std(measured, Distribution([0.0, 0.0], std, "laplace")), np.sqrt(2) * 3.5)


@pytest.mark.parametrize("family", ["normal", "laplace"])
def test_scaling_changes_the_std_alone_and_leaves_a_factor_of_one(family):
    measured, predicted = example(family)
    factor = scale_std(measured, predicted)
    better = scaled(predicted, factor)
    assert better.family == family
    np.testing.assert_array_equal(better.mean, predicted.mean)
    np.testing.assert_allclose(better.std, predicted.std * factor)
    np.testing.assert_allclose(scale_std(measured, better), 1)


def test_the_map_gives_each_calibration_value_its_rank():
    measured, predicted = example()
    levels = fit_isotonic(measured, predicted)
    z = (measured - predicted.mean) / predicted.std
    np.testing.assert_allclose(recalibrated(predicted, levels).cdf(measured), stats.rankdata(z) / 81)
    for one in (levels.nominal, levels.observed):
        assert (one[0], one[-1]) == (0, 1)
        assert (np.diff(one) > 0).all()
    np.testing.assert_allclose(levels.factor, np.sqrt(np.mean(z**2)))


def test_equal_values_share_their_mean_rank():
    predicted = Distribution(np.zeros(5), np.ones(5))
    measured = np.array([1.0, -1.0, 1.0, 1.0, 2.0])
    levels = fit_isotonic(measured, predicted)
    np.testing.assert_allclose(recalibrated(predicted, levels).cdf(measured), np.array([3, 1, 3, 3, 5]) / 6)


def test_intervals_are_quantiles_of_the_calibration_errors():
    measured, predicted = example(rows=79)
    lower, upper = recalibrated(predicted, fit_isotonic(measured, predicted)).interval(0.9)
    # Ranks 4 and 76 of 79 stand at 0.05 and 0.95.
    z = np.sort((measured - predicted.mean) / predicted.std)
    np.testing.assert_allclose(lower, predicted.mean + z[3] * predicted.std, rtol=1e-9)
    np.testing.assert_allclose(upper, predicted.mean + z[75] * predicted.std, rtol=1e-9)


@pytest.mark.parametrize("wrong", [1e-3, 1.0, 1e3])
def test_a_std_that_is_far_too_small_or_large_still_gives_finite_intervals(wrong):
    # Without the factor the PIT values of a std a thousand times too small are 0 or 1.
    measured, predicted = example(rows=79, wrong=wrong)
    lower, upper = recalibrated(predicted, fit_isotonic(measured, predicted)).interval(0.9)
    z = np.sort((measured - predicted.mean) / predicted.std)
    np.testing.assert_allclose(upper - lower, (z[75] - z[3]) * predicted.std, rtol=1e-9)


def test_what_does_not_match_is_refused():
    measured, predicted = example()
    for function in (scale_std, fit_isotonic):
        with pytest.raises(DeguError, match=r"the shape is \(79,\)"):
            function(measured[1:], predicted)
