"""Scores on shifted sequences, against brute force and other libraries."""

import itertools

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from degu.shift.scores import ERRORS, detection, finds_errors, normalized_error, trend

RNG = np.random.default_rng(1)


def test_the_normalised_error_is_that_beside_the_mean():
    reference = RNG.normal(3, 2, size=200)
    assert normalized_error(np.full(200, reference.mean()), reference) == pytest.approx(1)
    assert normalized_error(reference, reference) == 0
    # One is left unexplained: it is 1 - R².
    predicted = reference + RNG.normal(size=200)
    expected = np.sum((predicted - reference) ** 2) / np.sum((reference - reference.mean()) ** 2)
    assert normalized_error(predicted, reference) == pytest.approx(expected)
    assert np.isnan(normalized_error(predicted, np.ones(200)))
    assert set(ERRORS) == {"mse", "normalized_mse", "pearson", "spearman"}


def test_a_shift_is_detected_as_by_pairs():
    shifted, others = RNG.gamma(3, size=30).round(1), RNG.gamma(2, size=40).round(1)
    pairs = [(a > b) + 0.5 * (a == b) for a, b in itertools.product(shifted, others)]
    assert detection(shifted, others) == pytest.approx(np.mean(pairs))


def test_large_errors_are_found_as_scikit_learn_counts():
    error = RNG.gamma(2, size=400)
    std = error + RNG.gamma(2, size=400)
    large = error > np.quantile(error, 0.75)
    assert large.mean() == pytest.approx(0.25)
    assert finds_errors(std, error) == pytest.approx(roc_auc_score(large, std))
    assert np.isnan(finds_errors(std, np.ones(400)))


def test_the_trend_is_kendalls_tau_of_each_sequence_and_pages_test():
    std = np.cumsum(RNG.normal(0.1, 1, size=(50, 5)), axis=1)
    found = trend(std)
    assert found["trend"] == pytest.approx(np.mean([stats.kendalltau(range(5), row).statistic for row in std]))
    ranks = stats.rankdata(std, axis=1)
    statistic = ranks.sum(axis=0) @ np.arange(1, 6)
    # Page's L under the null: mean and variance in closed form (Page 1963).
    mean = 50 * 5 * 6**2 / 4
    z = (statistic - mean) / np.sqrt(50 * 5**2 * 6 * (5**2 - 1) / 144)
    assert found["trend_p"] == pytest.approx(stats.norm.sf(z), rel=1e-6)
    assert np.isnan(trend(std[:, :2])["trend_p"])


def test_the_interval_of_the_trend_covers_it():
    """The expected tau of two levels is known: the probability that the std rises, less that it falls."""
    expected = 2 * stats.norm.cdf(0.3 / np.sqrt(2)) - 1
    found = [trend(np.random.default_rng(seed).normal([0, 0.3], 1, size=(100, 2))) for seed in range(1000)]
    covered = sum(each["trend_low"] <= expected <= each["trend_high"] for each in found)
    assert stats.binomtest(covered, 1000, 0.95).pvalue > 0.001


def test_the_test_of_the_trend_keeps_its_level():
    p = [trend(np.random.default_rng(seed).normal(size=(20, 4)))["trend_p"] for seed in range(2000)]
    assert stats.binomtest(int(np.sum(np.array(p) < 0.05)), 2000, 0.05).pvalue > 0.001
