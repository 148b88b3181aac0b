import logging
import math
import tracemalloc
from fractions import Fraction

import numpy as np
import pytest
from mapie.regression import CrossConformalRegressor, JackknifeAfterBootstrapRegressor
from mapie.subsample import Subsample
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold, LeaveOneOut

from degu.uncertainty.conformal import jackknife_plus
from degu.uncertainty.conformal.jackknife_plus import intervals
from degu.uncertainty.rows import Inapplicable, Rows


def random_rows(members=7, n=43, tests=11, seed=0):
    """Return rows of random predictions; member 0 leaves out every row, so that each is left out by one at least."""
    rng = np.random.default_rng(seed)
    excluded = rng.random((members, n)) < 0.4
    excluded[0] = True
    train = Rows(rng.standard_normal(n), np.zeros(n), members=rng.standard_normal((members, n)), excluded=excluded)
    test = Rows(np.zeros(tests), np.zeros(tests), members=rng.standard_normal((members, tests)))
    return {"train": train, "test": test}


def intervals_by_loops(rows, level):
    """Return the intervals as Barber et al. (2021) define them, with exact fractions for the ranks."""
    train, test = rows["train"], rows["test"]
    alpha, n = 1 - Fraction(str(level)), len(train.measured)
    result = []
    for row in range(test.members.shape[1]):
        lower, upper = [], []
        for i in range(n):
            without = [m for m in range(len(train.members)) if train.excluded[m, i]]
            residual = abs(train.measured[i] - np.mean([train.members[m, i] for m in without]))
            prediction = np.mean([test.members[m, row] for m in without])
            lower.append(prediction - residual)
            upper.append(prediction + residual)
        low, high = math.floor(alpha * (n + 1)), math.ceil((1 - alpha) * (n + 1))
        result.append([sorted(lower)[low - 1] if low else -np.inf, sorted(upper)[high - 1] if high <= n else np.inf])
    return np.array(result)


@pytest.mark.parametrize("level", [0.5, 0.8, 0.9, 0.95])
@pytest.mark.parametrize("n", [9, 19, 43, 99])
def test_agrees_with_loops(level, n):
    rows = random_rows(n=n)
    np.testing.assert_allclose(intervals(rows, level), intervals_by_loops(rows, level), atol=1e-12)


def regression(n=60, tests=25):
    rng = np.random.default_rng(3)
    x = rng.standard_normal((n + tests, 6))
    y = np.sin(3 * x[:, 0]) + x[:, 1] + rng.standard_normal(n + tests) * np.abs(x[:, 2])
    return x[:n], y[:n], x[n:], y[n:]


def rows_of_fits(x, y, test_x, test_y, training_sets):
    fits = [Ridge().fit(x[chosen], y[chosen]) for chosen in training_sets]
    excluded = np.array([~np.isin(np.arange(len(y)), chosen) for chosen in training_sets])
    train = Rows(y, np.zeros(len(y)), members=np.array([fit.predict(x) for fit in fits]), excluded=excluded)
    test = Rows(test_y, np.zeros(len(test_y)), members=np.array([fit.predict(test_x) for fit in fits]))
    return {"train": train, "test": test}


@pytest.mark.parametrize("folds", [KFold(5), KFold(10), LeaveOneOut()])
@pytest.mark.parametrize("level", [0.5, 0.8, 0.9, 0.95])
def test_agrees_with_cross_conformal_regression_of_mapie(folds, level):
    x, y, test_x, test_y = regression()
    reference = CrossConformalRegressor(Ridge(), confidence_level=level, method="plus", cv=folds)
    expected = reference.fit_conformalize(x, y).predict_interval(test_x)[1][:, :, 0]
    rows = rows_of_fits(x, y, test_x, test_y, [chosen for chosen, _ in folds.split(x)])
    np.testing.assert_allclose(intervals(rows, level), expected, atol=1e-9)


@pytest.mark.parametrize("level", [0.5, 0.8, 0.9, 0.95])
def test_agrees_with_jackknife_after_bootstrap_of_mapie(level):
    x, y, test_x, test_y = regression()
    samples = Subsample(n_resamplings=25, random_state=1)
    reference = JackknifeAfterBootstrapRegressor(Ridge(), confidence_level=level, method="plus", resampling=samples)
    expected = reference.fit_conformalize(x, y).predict_interval(test_x)[1][:, :, 0]
    rows = rows_of_fits(x, y, test_x, test_y, [chosen for chosen, _ in samples.split(x)])
    np.testing.assert_allclose(intervals(rows, level), expected, atol=1e-9)


def test_blocks_do_not_change_the_result(monkeypatch):
    rows = random_rows()
    expected = intervals(rows, 0.8)
    for block in (1, 43, 100, 43 * 11):
        monkeypatch.setattr(jackknife_plus, "_BLOCK", block)
        np.testing.assert_allclose(intervals(rows, 0.8), expected)


def test_rows_that_every_member_saw_are_left_out_and_counted(caplog):
    rows = random_rows()
    train = rows["train"]
    train.excluded[:, :3] = False
    kept = Rows(train.measured[3:], train.mean[3:], members=train.members[:, 3:], excluded=train.excluded[:, 3:])
    with caplog.at_level(logging.INFO):
        result = intervals(rows, 0.8)
    assert "left out 3 of 43 training rows" in caplog.text
    np.testing.assert_allclose(result, intervals_by_loops({**rows, "train": kept}, 0.8), atol=1e-12)


def test_too_few_training_rows_give_infinite_intervals():
    np.testing.assert_array_equal(intervals(random_rows(n=8), 0.9), [[-np.inf, np.inf]] * 11)


def test_memory_stays_below_a_hundred_megabytes():
    rows = random_rows(members=10, n=40_000, tests=120)
    tracemalloc.start()
    intervals(rows, 0.9)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100e6


def test_what_is_missing_is_named():
    rows = random_rows()
    plain = Rows(measured=np.zeros(11), mean=np.zeros(11))
    with pytest.raises(Inapplicable, match="no rows of the split 'train'"):
        intervals({"test": rows["test"]}, 0.8)
    with pytest.raises(Inapplicable, match="no members"):
        intervals({"train": plain, "test": rows["test"]}, 0.8)
    with pytest.raises(Inapplicable, match="no excluded"):
        intervals({"train": rows["test"], "test": rows["test"]}, 0.8)
    rows["train"].excluded[:] = False
    with pytest.raises(Inapplicable, match="every member was trained on every row"):
        intervals(rows, 0.8)
