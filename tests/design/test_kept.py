"""How often promises are kept, against normal errors whose shares are known."""

import numpy as np
import pytest

from degu.design.kept import BOUND, COLUMNS, COMPARED, LEVEL, assess_promises, compare_designs, quantities
from degu.design.promise import Promise
from degu.evaluation.bootstrap import GroupBootstrap

N = 20_000


def test_promises_with_normal_errors_of_the_predicted_size_are_kept_at_their_level():
    rng = np.random.default_rng(1)
    achieved, std = rng.standard_normal(N), rng.uniform(0.2, 2, N)
    found = quantities(Promise(achieved + std * rng.standard_normal(N), std), achieved)
    # Four standard deviations of a share of N draws.
    assert found["kept_mean"].mean() == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(N))
    assert found[f"kept_{BOUND}"].mean() == pytest.approx(LEVEL, abs=4 * 0.3 / np.sqrt(N))


def test_the_best_of_many_equally_good_ones_promises_too_much():
    """The winner's curse: among 50 that are as good, the one with the highest prediction is overrated."""
    rng = np.random.default_rng(1)
    errors = rng.standard_normal((2000, 50)).max(axis=1)
    found = quantities(Promise(errors, np.ones(2000)), np.zeros(2000))
    # The mean of the largest of 50 normal deviates.
    assert found["overestimate"].mean() == pytest.approx(2.249, abs=0.05)
    assert found["kept_mean"].mean() < 0.01


def test_tables_hold_means_and_their_intervals():
    rng = np.random.default_rng(2)
    promises = {step: Promise(rng.standard_normal(200), rng.uniform(0.5, 1, 200)) for step in (0, 5)}
    judges = {"truth": {step: rng.standard_normal(200) for step in (0, 5)}}
    table = assess_promises(promises, judges, GroupBootstrap(np.arange(200), 1))
    assert list(table) == COLUMNS
    assert list(table["step"]) == [0, 5]
    for row in table.itertuples():
        promise, achieved = promises[row.step], judges["truth"][row.step]
        assert row.promised == pytest.approx(promise.mean.mean())
        assert row.achieved == pytest.approx(achieved.mean())
        assert row.overestimate == pytest.approx((promise.mean - achieved).mean())
        assert row.kept_mean == pytest.approx((achieved >= promise.mean).mean())
        # A percentile interval of a mean is about 1.96 standard errors wide on each side.
        error = (promise.mean - achieved).std() / np.sqrt(200)
        assert row.overestimate_high - row.overestimate_low == pytest.approx(2 * 1.96 * error, rel=0.2)


def test_a_designer_without_a_std_has_no_bound():
    table = assess_promises(
        {0: Promise(np.zeros(20), None)}, {"truth": {0: np.ones(20)}}, GroupBootstrap(np.arange(20), 1)
    )
    assert table[f"kept_{BOUND}"].isna().all() and table["kept_mean"].eq(1).all()


def test_designs_are_compared_from_the_same_starts():
    rng = np.random.default_rng(3)
    starts = 3 * rng.standard_normal(100)
    one, other = (
        quantities(Promise(starts, np.ones(100)), starts + gain + 0.1 * rng.standard_normal(100)) for gain in (0.5, 0.0)
    )
    rows = {row["quantity"]: row for row in compare_designs(one, other, GroupBootstrap(np.arange(100), 1))}
    assert set(rows) == set(COMPARED)
    # The starts differ by 3, which a comparison that is not of pairs could not see past.
    assert rows["achieved"]["difference"] == pytest.approx(0.5, abs=0.05)
    assert 0.4 < rows["achieved"]["low"] < rows["achieved"]["high"] < 0.6
    assert rows["overestimate"]["difference"] == pytest.approx(-rows["achieved"]["difference"])
