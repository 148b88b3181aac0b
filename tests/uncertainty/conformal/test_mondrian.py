import logging
import warnings

import numpy as np
import pytest

from degu.uncertainty.conformal import absolute
from degu.uncertainty.conformal.mondrian import intervals
from degu.uncertainty.rows import Inapplicable, Rows


def random_rows(n, seed, gc=None):
    rng = np.random.default_rng(seed)
    mean, gc = rng.standard_normal(n), rng.random(n) if gc is None else gc
    measured = mean + rng.standard_normal(n) * (1 + 5 * gc)
    return Rows(measured=measured, mean=mean, std={"total": rng.random(n)}, covariates={"gc": gc})


def select(rows, keep):
    return Rows(measured=rows.measured[keep], mean=rows.mean[keep])


@pytest.mark.parametrize("by", ["mean", "total", "gc"])
@pytest.mark.parametrize(("n", "bins"), [(199, 5), (120, 3), (121, 4)])
def test_each_bin_is_a_split_conformal_method_of_its_own(by, n, bins):
    calibration, test = random_rows(n, 0), random_rows(60, 1)
    order = np.argsort(calibration.feature(by))
    cuts = [j * n // bins for j in range(1, bins)]
    edges = [-np.inf, *calibration.feature(by)[order][cuts], np.inf]
    starts, stops = [0, *(cut + 1 for cut in cuts)], [*cuts, n]
    expected = np.empty((60, 2))
    for low, high, start, stop in zip(edges[:-1], edges[1:], starts, stops, strict=True):
        inside = (low <= test.feature(by)) & (test.feature(by) < high)
        rows = {"calibration": select(calibration, order[start:stop]), "test": select(test, inside)}
        expected[inside] = absolute.intervals(rows, 0.8)
        assert abs((stop - start) - n / bins) <= 2
    result = intervals({"calibration": calibration, "test": test}, 0.8, by=by, bins=bins)
    np.testing.assert_allclose(result, expected)
    assert len(np.unique(np.round(result[:, 1] - test.mean, 9))) == bins


def test_one_bin_is_the_absolute_method():
    rows = {"calibration": random_rows(50, 0), "test": random_rows(9, 1)}
    np.testing.assert_allclose(intervals(rows, 0.9, bins=1), absolute.intervals(rows, 0.9))


def test_measured_values_of_a_bin_change_that_bin_alone():
    calibration, test = random_rows(100, 0), random_rows(30, 1)
    edge = np.sort(calibration.mean)[20]
    moved = Rows(np.where(calibration.mean < edge, 100.0, calibration.measured), calibration.mean)
    before = intervals({"calibration": calibration, "test": test}, 0.8)
    after = intervals({"calibration": moved, "test": test}, 0.8)
    lowest = test.mean < edge
    assert 0 < lowest.sum() < 30
    np.testing.assert_array_equal((before == after).all(axis=1), ~lowest)


def test_bins_too_small_for_the_level_are_infinite_with_one_line_in_the_log(caplog):
    # Bins of 8 and 9 rows; 0.9 needs 9.
    rows = {"calibration": random_rows(18, 0), "test": random_rows(40, 1)}
    with warnings.catch_warnings(), caplog.at_level(logging.WARNING):
        warnings.simplefilter("error")
        result = intervals(rows, 0.9, bins=2)
    edge = np.sort(rows["calibration"].mean)[9]
    infinite = rows["test"].mean >= edge
    np.testing.assert_array_equal(np.isinf(result), np.stack([infinite, infinite], axis=1))
    assert 0 < infinite.sum() < 40
    assert [record.getMessage() for record in caplog.records] == [
        f"{infinite.sum()} of 40 test rows have infinite intervals: too few calibration rows in their bin of 'mean' "
        "for level 0.9"
    ]


def test_no_line_in_the_log_when_all_is_well(caplog):
    with caplog.at_level(logging.INFO):
        intervals({"calibration": random_rows(199, 0), "test": random_rows(40, 1)}, 0.9)
    assert not caplog.records


def test_bin_that_ties_leave_without_calibration_rows_is_infinite(caplog):
    # Both edges are 0.5, so that no calibration row is below; crepes alone would return [0, 0] there.
    calibration, test = random_rows(90, 0, np.full(90, 0.5)), random_rows(3, 1, np.array([0.4, 0.5, 0.6]))
    result = intervals({"calibration": calibration, "test": test}, 0.8, by="gc", bins=3)
    np.testing.assert_array_equal(result[0], [-np.inf, np.inf])
    assert np.isfinite(result[1:]).all()
    assert "1 of 3 test rows" in caplog.text


def test_more_bins_than_rows_are_all_infinite():
    result = intervals({"calibration": random_rows(3, 0), "test": random_rows(4, 1)}, 0.5, bins=10)
    np.testing.assert_array_equal(result, [[-np.inf, np.inf]] * 4)


def test_unknown_feature_is_refused_by_name():
    with pytest.raises(Inapplicable, match="cannot be grouped by 'length'"):
        intervals({"calibration": random_rows(30, 0), "test": random_rows(4, 1)}, 0.5, by="length")
