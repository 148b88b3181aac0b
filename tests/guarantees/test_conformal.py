"""Coverage over many draws of calibration and test data, of a deliberately wrong model.

Each draw's number of covered test rows is random twice over: the calibration rows set the probability to be covered,
Beta(k, n + 1 - k) for the k-th smallest of n scores, and the test rows are covered with it. Bands are four standard
errors wide; every draw is seeded.
"""

import functools
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from threadpoolctl import threadpool_limits

from degu.uncertainty.conformal import absolute, jackknife_plus, mondrian, normalized, quantile, weighted
from degu.uncertainty.coverage import coverage
from degu.uncertainty.density_ratio import estimate_density_ratio
from degu.uncertainty.rows import Rows

LEVELS = [0.5, 0.8, 0.9, 0.95]
ERRORS = 4.0
N_TEST = 150


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """Thousands of small fits: threads only get in each other's way."""
    with threadpool_limits(1):
        yield


def exact_rank(n, level):
    """Return ceil((n + 1) * level) in whole numbers; levels are whole per cent."""
    return -(-(n + 1) * round(100 * level) // 100)


def draw(rng, n, tilt=0.0, weights=None):
    """Return rows of a noisy wave, and of a model that is a line, with stds and quantiles that are wrong too.

    The noise grows with x, and with it the errors. The density of x on [0, 1] is proportional to exp(tilt * x).
    """
    uniform = rng.random(n)
    x = np.log1p(uniform * np.expm1(tilt)) / tilt if tilt else uniform
    gc = np.clip(0.3 + 0.3 * x + 0.1 * rng.standard_normal(n), 0, 1)
    measured = np.sin(6 * x) + (0.1 + x**2) * rng.standard_t(4, n)
    mean = 0.5 - 0.4 * x
    return Rows(
        measured=measured,
        mean=mean,
        std={"aleatoric": 0.3 + x * rng.random(n), "epistemic": 1.2 - x, "total": x - 0.1},
        quantiles={"lower": mean - 0.2 - x, "upper": mean + 0.1},
        covariates={"gc": gc, "x": x},
        weights=weights(x) if weights else np.ones(n),
    )


@functools.cache
def draws(number, n_calibration, tilt=0.0):
    """Return pairs of calibration and test rows; test rows from a tilted density, all rows with its known weights."""
    rng = np.random.default_rng(2026)

    def weights(x):
        return np.exp(tilt * x)

    return [
        {"calibration": draw(rng, n_calibration, 0, weights), "test": draw(rng, N_TEST, tilt, weights)}
        for _ in range(number)
    ]


def covered(rows, result):
    return (result[:, 0] <= rows["test"].measured) & (rows["test"].measured <= result[:, 1])


SPLIT_METHODS = {
    "absolute": absolute.intervals,
    "normalized total": normalized.intervals,
    "normalized aleatoric": functools.partial(normalized.intervals, std="aleatoric"),
    "normalized epistemic": functools.partial(normalized.intervals, std="epistemic"),
    "quantile": quantile.intervals,
    "weighted absolute": weighted.intervals,
    "weighted normalized": functools.partial(weighted.intervals, std="aleatoric"),
}


@pytest.mark.parametrize("n_calibration", [99, 110])
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("method", SPLIT_METHODS)
def test_exchangeable_rows_are_covered_at_the_level_and_no_more(method, level, n_calibration):
    data = draws(1000, n_calibration)
    k = exact_rank(n_calibration, level)
    expected = k / (n_calibration + 1)
    assert level <= expected < level + 1 / (n_calibration + 1)
    counts = [covered(rows, SPLIT_METHODS[method](rows, level)).sum() for rows in data]
    error = stats.betabinom(N_TEST, k, n_calibration + 1 - k).std() / N_TEST / np.sqrt(len(data))
    assert abs(np.mean(counts) / N_TEST - expected) < ERRORS * error < 1 / (n_calibration + 1)


@pytest.mark.parametrize("level", LEVELS)
def test_coverage_varies_between_calibration_sets_as_it_should(level):
    # Fewer scores than there are calibration rows, or test rows that share their luck, would show as a wider spread.
    data = draws(1000, 99)
    k = exact_rank(99, level)
    counts = [covered(rows, absolute.intervals(rows, level)).sum() for rows in data]
    assert 0.9 < np.std(counts) / stats.betabinom(N_TEST, k, 100 - k).std() < 1.1


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("by", ["mean", "gc", "aleatoric"])
def test_mondrian_covers_at_the_level_within_every_bin(by, level):
    # 199 rows less 4 at the edges are 39 in each of 5 bins.
    data = draws(400, 199)
    k = exact_rank(39, level)
    numbers, hits = [], []
    for rows in data:
        inside = covered(rows, mondrian.intervals(rows, level, by=by, bins=5))
        edges = np.sort(rows["calibration"].feature(by))[[39, 79, 119, 159]]
        bin_of = np.searchsorted(edges, rows["test"].feature(by), side="right")
        numbers.append(np.bincount(bin_of, minlength=5))
        hits.append(np.bincount(bin_of, weights=inside, minlength=5))
    total = np.sum(numbers, axis=0)
    error = np.sqrt(stats.betabinom.var(np.array(numbers), k, 40 - k).sum(axis=0)) / total
    assert (np.abs(np.sum(hits, axis=0) / total - k / 40) < ERRORS * error).all()
    assert (ERRORS * error < 1 / 40).all()


def test_one_width_for_all_covers_bins_unevenly():
    # What Mondrian bins mend: without them the noisiest fifth is covered far too rarely.
    data = draws(100, 199)
    noisiest = [covered(rows, absolute.intervals(rows, 0.9))[rows["test"].covariates["x"] > 0.8] for rows in data]
    assert np.concatenate(noisiest).mean() < 0.75


TILT, N_SHIFTED = 4.0, 500


@functools.cache
def estimated_draws():
    """Return the shifted draws with weights estimated from the covariate; measured values are not looked at."""
    result = []
    for rows in draws(200, N_SHIFTED, TILT):
        x = {split: part.covariates["x"][:, None] for split, part in rows.items()}
        ratio = estimate_density_ratio(x["calibration"], x["test"])
        result.append({split: replace(part, weights=ratio(x[split])) for split, part in rows.items()})
    return result


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("std", [None, "epistemic"])
def test_weighted_keeps_its_level_under_a_known_shift(std, level):
    data = draws(200, N_SHIFTED, TILT)
    rates = [coverage(rows["test"].measured, weighted.intervals(rows, level, std=std)) for rows in data]
    error = np.std(rates) / np.sqrt(len(data))
    # Coverage exceeds the level by less than the largest share of the weight that one row has.
    heaviest = np.mean(
        [
            np.maximum(rows["calibration"].weights.max(), rows["test"].weights)
            / (rows["calibration"].weights.sum() + rows["test"].weights)
            for rows in data
        ]
    )
    assert heaviest < 0.015
    assert level - ERRORS * error < np.mean(rates) < level + heaviest + ERRORS * error
    assert ERRORS * error < 0.02


@pytest.mark.parametrize("level", LEVELS)
def test_weighted_keeps_its_level_with_estimated_weights(level):
    data = estimated_draws()
    rates = [coverage(rows["test"].measured, weighted.intervals(rows, level)) for rows in data]
    error = np.std(rates) / np.sqrt(len(data))
    # No theorem here: an allowance of 0.01 for the estimate, beside the weight of one row as above.
    assert level - 0.01 - ERRORS * error < np.mean(rates) < level + 0.025 + ERRORS * error


@pytest.mark.parametrize("level", LEVELS)
def test_without_weights_the_shift_costs_coverage(level):
    data = draws(200, N_SHIFTED, TILT)
    rates = [coverage(rows["test"].measured, absolute.intervals(rows, level)) for rows in data]
    assert np.mean(rates) < level - 0.1 * (1 - level) - 0.04


def linear_data(rng, n):
    """Return features (n, 12) and a target that is not linear in them, with noise that differs between rows."""
    x = rng.standard_normal((n, 12))
    return x, np.sin(2 * x[:, 0]) + x[:, 1] ** 2 / 2 + (0.2 + np.abs(x[:, 2])) * rng.standard_normal(n)


def refit(x, y, samples):
    """Return the weights of a ridge for each array of training rows, (M, 12)."""
    return np.array([np.linalg.solve(x[s].T @ x[s] + 0.1 * np.eye(12), x[s].T @ y[s]) for s in samples])


def folds(rng, n):
    parts = np.array_split(rng.permutation(n), 10)
    return [np.setdiff1d(np.arange(n), part) for part in parts]


def leave_one_out(rng, n):
    return [np.delete(np.arange(n), row) for row in range(n)]


def bootstraps(rng, n):
    return [rng.integers(0, n, n) for _ in range(30)]


@functools.cache
def ensembles(resample, number=200, n=50):
    """Return draws of training rows with the members refitted on folds or samples of them, and of test rows."""
    rng = np.random.default_rng(7)
    result = []
    for _ in range(number):
        (x, y), (test_x, test_y) = linear_data(rng, n), linear_data(rng, N_TEST)
        samples = resample(rng, n)
        weights = refit(x, y, samples)
        excluded = np.array([~np.isin(np.arange(n), sample) for sample in samples])
        train = Rows(y, np.mean(weights @ x.T, axis=0), members=weights @ x.T, excluded=excluded)
        test = Rows(test_y, np.mean(weights @ test_x.T, axis=0), members=weights @ test_x.T)
        result.append({"train": train, "test": test})
    return result


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("resample", [folds, leave_one_out, bootstraps])
def test_jackknife_plus_covers_at_nearly_the_level(resample, level):
    data = ensembles(resample)
    rates = [coverage(rows["test"].measured, jackknife_plus.intervals(rows, level)) for rows in data]
    error = np.std(rates) / np.sqrt(len(data))
    # The theorems promise 1 - 2 alpha. The level itself is what a stable fit such as a ridge gets, or a little more:
    # a member that lacks rows errs more, which widens intervals.
    assert np.mean(rates) > 1 - 2 * (1 - level) - ERRORS * error
    assert level - 0.02 - ERRORS * error < np.mean(rates) < level + 0.05 + ERRORS * error
    assert ERRORS * error < 0.025


@pytest.mark.parametrize("level", LEVELS)
def test_residuals_of_members_that_saw_the_row_cover_too_little(level):
    # What leaving out mends: split conformal calibrated on its own training rows.
    data = ensembles(folds)
    rates = [
        coverage(rows["test"].measured, absolute.intervals({"calibration": rows["train"], **rows}, level))
        for rows in data
    ]
    assert np.mean(rates) < level - 0.04
