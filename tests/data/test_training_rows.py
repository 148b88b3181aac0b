"""The rows that models are trained on."""

import numpy as np
import pytest

from degu.data.resampling import resampling_counts
from degu.data.splits import training_subset
from degu.data.training_rows import training_rows
from degu.errors import DeguError
from tests.data.counted import counted_store

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


# Negatives


def windows(**changes):
    return {"negatives": None, "rows": "all", "count_threshold": None, **changes}


def test_without_settings_of_negatives_all_rows_of_both_splits_are_taken():
    store, _ = counted_store(120)
    for given in ({}, windows()):
        rows = training_rows(store, 1.0, 1, windows=given)
        np.testing.assert_array_equal(rows.subset, store.rows("train"))
        np.testing.assert_array_equal(rows.validation, store.rows("validation"))


@pytest.mark.parametrize("each", [0, 0.1, 2.0])
def test_models_are_watched_on_as_many_negatives_as_an_epoch_has_for_each_region(each):
    store, _ = counted_store(400)
    rows = training_rows(store, 1.0, 1, windows=windows(negatives=each))
    np.testing.assert_array_equal(rows.subset, store.rows("train"))
    validation = store.rows("validation")
    regions = validation[~store.negative[validation]]
    found = rows.validation[store.negative[rows.validation]]
    assert set(regions) | set(found) == set(rows.validation) <= set(validation)
    assert len(found) == min(round(each * len(regions)), len(validation) - len(regions))
    # They are the same for all models of a configuration.
    again = training_rows(store, 1.0, 1, windows=windows(negatives=each))
    np.testing.assert_array_equal(again.validation, rows.validation)


def test_models_may_be_trained_and_watched_on_negatives_alone():
    store, _ = counted_store(120)
    rows = training_rows(store, 1.0, 1, windows=windows(rows="negatives"))
    for split, found in (("train", rows.subset), ("validation", rows.validation)):
        np.testing.assert_array_equal(found, [row for row in store.rows(split) if store.negative[row]])
    np.testing.assert_array_equal(rows.train[rows.positions], rows.subset)


@pytest.mark.parametrize("fraction", [1.0, 0.5])
def test_negatives_have_fewer_counts_than_the_smallest_of_the_regions(fraction):
    store, _ = counted_store(400)
    counts = store.counts.sum(axis=(1, 2, 3, 4))
    subset = training_rows(store, fraction, 1).subset
    known = np.append(subset, store.rows("validation"))
    regions = [counts[row] for row in known if not store.negative[row]]
    # Negatives of this data set have as many counts as regions.
    threshold = 1.4
    most = threshold * np.quantile(regions, 0.01)
    rows = training_rows(store, fraction, 1, windows=windows(rows="negatives", count_threshold=threshold))
    for kept, available in ((rows.subset, subset), (rows.validation, store.rows("validation"))):
        np.testing.assert_array_equal(kept, [row for row in available if store.negative[row] and counts[row] < most])
    assert 0 < len(rows.subset) < store.negative[subset].sum()


def test_a_training_on_negatives_where_there_are_none_is_refused():
    store, _ = counted_store(120)
    with pytest.raises(
        DeguError, match=r"no negatives with fewer counts than 0\.1 times the smallest of regions among"
    ):
        training_rows(store, 1.0, 1, windows=windows(rows="negatives", count_threshold=0.1))
    store.negative = None
    with pytest.raises(DeguError, match="there are no negatives among the training rows"):
        training_rows(store, 1.0, 1, windows=windows(rows="negatives"))
    assert not store.is_negative.any()


def test_counts_that_were_not_read_are_not_taken_for_few():
    store, _ = counted_store(120)
    store.counts = None
    with pytest.raises(DeguError, match="no regions with counts"):
        training_rows(store, 1.0, 1, windows=windows(rows="negatives", count_threshold=0.5))
