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


def test_left_out_are_rows_of_the_fraction_that_a_member_was_not_given(store):
    rows = training_rows(store, 0.5, 1, RESAMPLING)
    left_out = rows.left_out
    assert left_out.shape == (3, len(store.rows("train")))
    for member, row in np.ndindex(*left_out.shape):
        number = store.rows("train")[row]
        given = number in rows.of_member(member + 1)
        assert left_out[member, row] == (number in rows.subset and not given)
