"""Bootstrap intervals over groups."""

import numpy as np
import pytest

from degu.evaluation.accuracy import METRICS, METRICS_OF_LABELS
from degu.evaluation.bootstrap import WEIGHTED, GroupBootstrap, TwoPopulations, ends, weighted_ranks

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


def test_means_of_resamples_leave_out_what_is_not_known():
    rng = np.random.default_rng(4)
    group, values = np.repeat(np.arange(40), 3), rng.gamma(2, size=120)
    values[::7] = np.nan
    found = GroupBootstrap(group, 1, 4000).means(values)
    drawn = values.reshape(40, 3)[rng.integers(40, size=(4000, 40))].reshape(4000, -1)
    levels = [0.025, 0.5, 0.975]
    np.testing.assert_allclose(np.quantile(found, levels), np.quantile(np.nanmean(drawn, axis=1), levels), rtol=0.02)
    # Nine groups are too few.
    assert np.isnan(GroupBootstrap(group, 1).means(np.where(group < 9, values, np.nan))).all()
    assert np.isfinite(GroupBootstrap(group, 1).means(np.where(group < 10, values, np.nan))).all()


def coverage_of_ratios(same, draws=400, resamples=200):
    """Return how often intervals of a ratio of root mean squared errors hold the true one, and their mean length.

    The rows of a group share their error. In the same groups the errors of both populations are correlated, too.
    """
    rng = np.random.default_rng(11)
    sizes = (200, 200) if same else (200, 300)
    groups = tuple(np.repeat(np.arange(size), 2) for size in sizes)
    covered, length = 0, 0.0
    for draw in range(draws):
        errors = [rng.normal(size=size) for size in sizes]
        if same:
            errors[1] = 0.9 * errors[0] + np.sqrt(1 - 0.81) * errors[1]
        one, other = (error[group] for error, group in zip(errors, groups, strict=True))
        # The scale of the second is 1.3 times that of the first.
        squares = np.square(one), np.square(1.3 * other)
        bootstrap = TwoPopulations(groups, draw, same=same, resamples=resamples)
        low, high = np.sqrt(bootstrap.ratio_of_means(*squares))
        covered += low <= 1.3 <= high
        length += (high - low) / draws
    return covered / draws, length


@pytest.mark.parametrize("same", [False, True])
def test_intervals_of_a_ratio_between_populations_cover_the_true_one(same):
    coverage, length = coverage_of_ratios(same)
    # Percentile intervals of 200 groups fall a little short of 0.95, and the share of 400 draws has a std of 0.011.
    assert 0.91 <= coverage <= 0.975
    # The log of a root mean square of n normal values has the variance 1 / (2 n), and two of them, of values whose
    # correlation is 0.9, have the covariance 0.81 / (2 n).
    variance = (1 - 0.81) / 200 if same else 1 / 400 + 1 / 600
    assert length == pytest.approx(2 * 1.96 * 1.3 * np.sqrt(variance), rel=0.08)


def test_populations_with_the_same_groups_are_drawn_together():
    rng = np.random.default_rng(6)
    group, values = np.arange(60), rng.gamma(2, size=60)
    kept = group >= 5
    # What is twice as large everywhere has a ratio that no resample changes, but for the rows that it lacks.
    low, high = TwoPopulations((group, group), 1, same=True).ratio_of_means(values, 2 * values)
    assert (low, high) == pytest.approx((2, 2))
    together, apart = (
        np.diff(TwoPopulations((group, group[kept]), 1, same=same).ratio_of_means(values, 2 * values[kept])).item()
        for same in (True, False)
    )
    assert together < apart / 2
    # The same numbers of groups in independent populations are drawn independently.
    low, high = TwoPopulations((group, group), 1, same=False).ratio_of_means(values, values)
    assert low < 0.95 < 1.05 < high


def test_a_population_of_a_few_groups_has_no_ratio():
    groups, values = (np.arange(40), np.arange(9)), (np.ones(40), np.ones(9))
    assert np.isnan(TwoPopulations(groups, 1, same=False).ratio_of_means(*values)).all()
    assert np.isnan(TwoPopulations(groups, 1, same=True).ratio_of_means(*values)).all()


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
