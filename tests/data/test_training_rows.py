"""The rows that models are trained on."""

import numpy as np
import pytest

from degu.data.resampling import resampling_counts
from degu.data.splits import training_subset
from degu.data.training_rows import training_rows

RESAMPLING = {"members": 3, "method": "bootstrap", "seed": 7}


@pytest.mark.parametrize("fraction", [0.5, 1.0])
def test_without_resampling_every_model_has_the_rows_of_the_fraction(store, fraction):
    rows = training_rows(store, fraction, 1)
    expected = training_subset(store.rows("train"), fraction, 1)
    np.testing.assert_array_equal(rows.subset, expected)
    for number in (1, 2, 9):
        np.testing.assert_array_equal(rows.of_member(number), expected)
    assert rows.left_out is None
    assert training_rows(store, fraction, 1, {}).counts is None


def test_positions_find_the_fraction_among_the_rows_of_the_training_split(store):
    rows = training_rows(store, 0.4, 1)
    assert 0 < len(rows.subset) < len(rows.train)
    np.testing.assert_array_equal(store.rows("train")[rows.positions], rows.subset)


def test_members_have_the_rows_that_are_drawn_for_them_as_often_as_they_are_drawn(store):
    rows = training_rows(store, 0.5, 1, RESAMPLING)
    counts = resampling_counts(store.group[rows.subset], **RESAMPLING)
    for number in (1, 2, 3):
        found = dict(zip(*np.unique(rows.of_member(number), return_counts=True), strict=True))
        assert found == {row: count for row, count in zip(rows.subset, counts[number - 1], strict=True) if count}
    # A member of the reference ensemble is drawn like the one that it follows.
    np.testing.assert_array_equal(rows.of_member(4), rows.of_member(1))


@pytest.mark.parametrize("method", ["folds", "bootstrap"])
@pytest.mark.parametrize("fraction", [1.0, 0.5])
def test_rows_left_out_are_those_that_the_members_were_not_trained_on(store, method, fraction):
    resampling = {"members": 3, "method": method, "seed": 1}
    rows = training_rows(store, fraction, 1, resampling)
    train = store.rows("train")
    assert rows.left_out.shape == (3, len(train))
    subset = training_subset(train, fraction, 1)
    counts = resampling_counts(store.group[subset], **resampling)
    for member in range(3):
        seen = set(np.repeat(subset, counts[member]).tolist())
        assert seen == set(rows.of_member(member + 1).tolist())
        expected = [row in set(subset.tolist()) and row not in seen for row in train]
        np.testing.assert_array_equal(rows.left_out[member], expected)
    if method == "folds":
        np.testing.assert_array_equal(rows.left_out.sum(axis=0), np.isin(train, subset))


def test_members_of_no_resampling_leave_nothing_out(store):
    assert training_rows(store, 1.0, 1, {}).left_out is None
