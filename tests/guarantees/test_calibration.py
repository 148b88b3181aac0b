"""What metrics and recalibration promise, over many draws of data whose truth is known."""

import numpy as np
import pytest
from scipy import stats

from degu.uncertainty.calibration import (
    coverage,
    crps,
    expected_normalized_calibration_error,
    interval_score,
    miscalibration_area,
    negative_log_likelihood,
    pit_uniformity,
)
from degu.uncertainty.distributions import Distribution
from degu.uncertainty.recalibration import fit_isotonic, recalibrated, scale_std, scaled

FAMILIES = ["normal", "laplace"]
DRAWS = 250


def draw(rng: np.random.Generator, rows: int, family: str) -> tuple[np.ndarray, Distribution]:
    """Return values drawn from a distribution, and the distribution."""
    mean, std = rng.normal(size=rows), rng.uniform(0.2, 2, size=rows)
    noise = rng.normal(size=rows) if family == "normal" else rng.laplace(scale=1 / np.sqrt(2), size=rows)
    return mean + std * noise, Distribution(mean, std, family)


@pytest.mark.parametrize("family", FAMILIES)
def test_p_values_are_uniform_under_the_truth_and_small_under_a_wrong_model(family):
    rng = np.random.default_rng(11)
    truth, wrong_std, wrong_mean = [], [], []
    for _ in range(DRAWS):
        measured, predicted = draw(rng, 300, family)
        truth.append(pit_uniformity.p_value(measured, predicted))
        wrong_std.append(pit_uniformity.p_value(measured, scaled(predicted, 0.6)))
        shifted = Distribution(predicted.mean + 0.3 * predicted.std, predicted.std, family)
        wrong_mean.append(pit_uniformity.p_value(measured, shifted))
    assert stats.kstest(truth, "uniform").pvalue > 0.01
    rejected = stats.binom.interval(0.999, DRAWS, 0.05)
    assert rejected[0] <= np.sum(np.array(truth) < 0.05) <= rejected[1]
    assert np.mean(np.array(wrong_std) < 0.05) > 0.9
    assert np.mean(np.array(wrong_mean) < 0.05) > 0.9


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("level", [0.5, 0.9, 0.95])
def test_the_truth_covers_its_level_within_the_binomial_band(family, level):
    rng = np.random.default_rng(12)
    rows = 400
    inside = 0
    for _ in range(DRAWS):
        inside += round(rows * coverage.metric(*draw(rng, rows, family), level=level))
    low, high = stats.binom.interval(0.999, rows * DRAWS, level)
    assert low <= inside <= high
    # The band is narrow enough to tell a std wrong by 5 %.
    measured, predicted = draw(rng, rows * DRAWS, family)
    assert rows * DRAWS * coverage.metric(measured, scaled(predicted, 0.95), level=level) < low


@pytest.mark.parametrize("family", FAMILIES)
def test_the_truth_has_the_expected_area_of_miscalibration(family):
    # The empirical CDF of n uniforms is off by |N(0, u (1 - u) / n)|; the mean of that over u is the value below.
    rng = np.random.default_rng(13)
    areas = [miscalibration_area.metric(*draw(rng, 400, family)) for _ in range(DRAWS)]
    expected = np.sqrt(2 / np.pi) * np.pi / 8 / np.sqrt(400)
    assert abs(np.mean(areas) - expected) < 4 * stats.sem(areas) + 0.02 * expected


def test_the_truth_has_the_expected_normalized_calibration_error():
    rng = np.random.default_rng(14)
    for bins in (5, 20):
        errors = [
            expected_normalized_calibration_error.metric(*draw(rng, 2000, "normal"), bins=bins) for _ in range(DRAWS)
        ]
        expected = np.sqrt(bins / (np.pi * 2000))
        assert abs(np.mean(errors) - expected) < 4 * stats.sem(errors) + 0.05 * expected


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("score", [negative_log_likelihood, crps, interval_score])
def test_the_truth_has_the_best_proper_score(family, score):
    rng = np.random.default_rng(15)
    measured, predicted = draw(rng, 100_000, family)
    other = Distribution(predicted.mean + 0.3, predicted.std, family)
    truth = score.metric(measured, predicted)
    assert all(
        truth < score.metric(measured, wrong) for wrong in (scaled(predicted, 0.7), scaled(predicted, 1.4), other)
    )


@pytest.mark.parametrize(("family", "deviation"), [("normal", np.sqrt(1 / 2)), ("laplace", 1.0)])
@pytest.mark.parametrize("wrong", [0.2, 1.0, 5.0])
def test_scaling_recovers_a_known_factor(family, deviation, wrong):
    # `deviation` / sqrt(n) is the relative standard error of the factor, by its Fisher information.
    rng = np.random.default_rng(16)
    z = []
    for _ in range(DRAWS):
        measured, predicted = draw(rng, 500, family)
        z.append((scale_std(measured, scaled(predicted, wrong)) * wrong - 1) * np.sqrt(500) / deviation)
    assert abs(np.mean(z)) < 4 / np.sqrt(DRAWS)
    assert 0.85 < np.std(z) < 1.15


def misspecified(rng: np.random.Generator, rows: int) -> tuple[np.ndarray, Distribution]:
    """Return skewed values that a normal distribution predicts with a bias and a std that is too small."""
    mean, std = rng.normal(size=rows), rng.uniform(0.2, 2, size=rows)
    return mean + std * (rng.exponential(size=rows) - 1), Distribution(mean + 0.5 * std, 0.3 * std)


def test_isotonic_recalibration_brings_fresh_data_to_the_area_of_the_truth():
    rng = np.random.default_rng(17)
    calibration_rows, rows = 1000, 500
    raw, factor_only, isotonic = [], [], []
    for _ in range(100):
        calibration_measured, calibration = misspecified(rng, calibration_rows)
        measured, predicted = misspecified(rng, rows)
        mapped = recalibrated(predicted, fit_isotonic(calibration_measured, calibration))
        better = scaled(predicted, scale_std(calibration_measured, calibration))
        raw.append(miscalibration_area.metric(measured, predicted))
        factor_only.append(miscalibration_area.metric(measured, better))
        isotonic.append(miscalibration_area.metric(measured, mapped))
    # Two independent samples of one distribution: the errors of both empirical CDFs add up.
    expected = np.sqrt(2 / np.pi) * np.pi / 8 * np.sqrt(1 / rows + 1 / calibration_rows)
    assert abs(np.mean(isotonic) - expected) < 4 * stats.sem(isotonic) + 0.05 * expected
    assert np.mean(raw) > 10 * expected
    assert np.mean(factor_only) > 3 * expected


@pytest.mark.parametrize("level", [0.5, 0.9])
def test_recalibrated_intervals_cover_their_level_on_fresh_data(level):
    # The mean over calibration sets is the level, as values stand at ranks i / (n + 1); of 99, all levels are ranks.
    rng = np.random.default_rng(18)
    found = []
    for _ in range(DRAWS):
        levels = fit_isotonic(*misspecified(rng, 99))
        measured, predicted = misspecified(rng, 200)
        found.append(coverage.metric(measured, recalibrated(predicted, levels), level=level))
    assert abs(np.mean(found) - level) < 4 * stats.sem(found)
    assert stats.sem(found) < 0.005
