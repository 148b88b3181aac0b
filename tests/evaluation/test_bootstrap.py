"""Bootstrap intervals over groups."""

import numpy as np
import pytest

from degu.evaluation.accuracy import METRICS, METRICS_OF_LABELS
from degu.evaluation.bootstrap import WEIGHTED, GroupBootstrap, ends, independent_ratio, weighted_ranks

FUNCTIONS = METRICS | METRICS_OF_LABELS


def test_every_metric_of_accuracy_has_its_interval():
    assert set(WEIGHTED) == set(FUNCTIONS)


@pytest.mark.parametrize("metric", WEIGHTED)
def test_a_weighted_score_is_the_score_of_rows_that_are_repeated(metric):
    rng = np.random.default_rng(0)
    # Rounded, so that some values are equal.
    predicted = rng.normal(size=40).round(1)
    reference = rng.integers(0, 2, size=40) if metric == "auroc" else rng.normal(size=40).round(1)
    weights = rng.integers(0, 4, size=(6, 40))
    found = WEIGHTED[metric](predicted, reference, weights.astype(float))
    expected = [FUNCTIONS[metric](np.repeat(predicted, row), np.repeat(reference, row)) for row in weights]
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_ranks_are_those_of_rows_that_are_repeated():
    np.testing.assert_array_equal(
        weighted_ranks(np.array([5.0, 1.0, 5.0]), np.array([[1.0, 2.0, 1.0]])), [[3.5, 1.5, 3.5]]
    )


def test_a_constant_prediction_has_no_interval_of_a_correlation():
    bootstrap = GroupBootstrap(np.arange(30), seed=1)
    reference = np.random.default_rng(1).normal(size=30)
    for metric in ("pearson", "spearman"):
        assert np.isnan(bootstrap.interval(metric, np.ones(30), reference)).all()


def test_a_few_groups_have_no_interval():
    values = np.random.default_rng(3).normal(size=(2, 90))
    assert np.isnan(GroupBootstrap(np.arange(90) % 9, seed=1).interval("mse", *values)).all()
    assert np.isfinite(GroupBootstrap(np.arange(90) % 10, seed=1).interval("mse", *values)).all()


def test_the_same_seed_gives_the_same_interval_and_another_one_does_not():
    rng = np.random.default_rng(2)
    values = rng.normal(size=(2, 50))
    intervals = [GroupBootstrap(np.arange(50), seed).interval("pearson", *values) for seed in (3, 3, 4)]
    assert intervals[0] == intervals[1] != intervals[2]


@pytest.mark.parametrize("metric", ["pearson", "spearman", "mse"])
def test_intervals_cover_the_true_score_where_the_rows_of_a_group_are_alike(metric):
    draws, groups, size, noise = 200, 150, 2, 0.75
    rng = np.random.default_rng(5)
    # Both normal with correlation 0.8; the rank correlation of a normal pair is 6/pi arcsin(r/2).
    truth = {"pearson": 0.8, "spearman": 6 / np.pi * np.arcsin(0.4), "mse": noise**2}[metric]
    group, covered, covered_by_rows = np.repeat(np.arange(groups), size), 0, 0
    for draw in range(draws):
        # The rows of one group share both their values and their noise.
        predicted = rng.normal(size=groups)[group]
        reference = predicted + rng.normal(scale=noise, size=groups)[group]
        low, high = GroupBootstrap(group, draw, 150).interval(metric, predicted, reference)
        covered += low <= truth <= high
        low, high = GroupBootstrap(np.arange(len(group)), draw, 150).interval(metric, predicted, reference)
        covered_by_rows += low <= truth <= high
    # The percentile interval of 150 groups falls a little short of 0.95. One of single rows is too narrow.
    assert 0.91 <= covered / draws <= 0.98
    assert covered_by_rows / draws < 0.87


def test_the_interval_of_a_ratio_is_that_of_resampled_groups():
    rng = np.random.default_rng(3)
    group = np.repeat(np.arange(150), 3)
    one, other = rng.gamma(2, size=(2, 450))
    low, high = GroupBootstrap(group, 1, 4000).ratio(one, other)
    sums = np.add.reduceat(one, range(0, 450, 3)), np.add.reduceat(other, range(0, 450, 3))
    drawn = rng.integers(150, size=(4000, 150))
    ratios = sums[0][drawn].sum(axis=1) / sums[1][drawn].sum(axis=1)
    np.testing.assert_allclose([low, high], np.quantile(ratios, [0.025, 0.975]), rtol=0.01)
    assert all(map(np.isnan, GroupBootstrap(np.arange(5), 1).ratio(one[:5], other[:5])))


@pytest.mark.parametrize("same", [False, True])
def test_intervals_of_a_ratio_of_errors_cover_the_true_one(same):
    """The rows of a group share their error; those of one population under two measurements are correlated, too."""
    draws, sizes, true = 400, (300, 200), 1.3
    rng = np.random.default_rng(11)
    groups = [np.repeat(np.arange(200 if same else size), 2) for size in sizes]
    covered, length = 0, 0.0
    for draw in range(draws):
        one, other = (rng.normal(size=group.max() + 1) for group in groups)
        one = 0.9 * other + np.sqrt(1 - 0.81) * one if same else one
        squares = np.square(true * one)[groups[0]], np.square(other)[groups[1]]
        if same:
            interval = GroupBootstrap(groups[0], draw, 200).ratio(*squares)
        else:
            first, second = (GroupBootstrap(group, 2 * draw + place, 200) for place, group in enumerate(groups))
            interval = independent_ratio(*squares, (first, second))
        low, high = np.sqrt(interval)
        covered += low <= true <= high
        length += (high - low) / draws
    # Percentile intervals of 200 groups fall a little short of 0.95, and the share of 400 draws has a std of 0.011.
    assert 0.91 <= covered / draws <= 0.975
    # The log of a root mean square of n normal values has the variance 1 / (2 n), and two of them, of values whose
    # correlation is 0.9, have the covariance 0.81 / (2 n).
    variance = (1 - 0.81) / 200 if same else 1 / 600 + 1 / 400
    assert length == pytest.approx(2 * 1.96 * true * np.sqrt(variance), rel=0.08)


def test_the_means_of_resamples_are_those_of_the_groups_that_are_drawn():
    rng = np.random.default_rng(4)
    values = rng.gamma(2, size=(40, 3))
    found = GroupBootstrap(np.repeat(np.arange(40), 3), 1, 4000).means(values.ravel())
    expected = values[rng.integers(40, size=(4000, 40))].mean(axis=(1, 2))
    levels = [0.025, 0.5, 0.975]
    np.testing.assert_allclose(np.quantile(found, levels), np.quantile(expected, levels), rtol=0.02)


def test_a_population_of_a_few_groups_has_no_ratio():
    many, few = (GroupBootstrap(np.arange(size), seed) for seed, size in enumerate((40, 9)))
    assert np.isnan(independent_ratio(np.ones(40), np.ones(9), (many, few))).all()
    assert np.isnan(independent_ratio(np.ones(9), np.ones(40), (few, many))).all()
    assert independent_ratio(np.ones(40), np.ones(40), (many, many)) == (1, 1)


def test_an_interval_holds_the_middle_of_the_resamples():
    rng = np.random.default_rng(3)
    predicted, reference = rng.normal(size=(2, 60))
    bootstrap = GroupBootstrap(np.arange(60) // 2, seed=1)
    resampled = bootstrap.resampled("spearman", predicted, reference)
    low, high = bootstrap.interval("spearman", predicted, reference)
    assert resampled.shape == (500,)
    assert np.mean((low <= resampled) & (resampled <= high)) == pytest.approx(0.95, abs=0.005)
    assert ends(np.array([np.nan, 1.0, 1.0])) == (1.0, 1.0)
    assert np.isnan(GroupBootstrap(np.arange(60) // 10, seed=1).resampled("spearman", predicted, reference)).all()
