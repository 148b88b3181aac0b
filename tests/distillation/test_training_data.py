"""The sequences and targets that members and students are trained on."""

import numpy as np
import pytest

from degu.data.training_rows import training_rows
from degu.distillation.training_data import member_data, student_data
from degu.errors import DeguError

RESAMPLING = {"members": 2, "method": "folds", "seed": 3}


def test_members_are_trained_on_the_measurements_of_the_fraction_and_share_them(store):
    rows = training_rows(store, 0.5, 1)
    data = member_data(store, rows, ("mean", "aleatoric"), [1, 4])
    assert data[1] is data[4]
    np.testing.assert_array_equal(data[1].tokens, store.tokens[rows.subset])
    np.testing.assert_array_equal(data[1].targets["mean"], store.targets[rows.subset])
    np.testing.assert_array_equal(data[1].targets["aleatoric"], store.replicate_std[rows.subset])
    np.testing.assert_array_equal(data[1].validation_tokens, store.tokens[store.rows("validation")])
    np.testing.assert_array_equal(data[1].validation_targets["mean"], store.targets[store.rows("validation")])
    assert (data[1].augment, data[1].label) == (None, None)


def test_resampled_members_are_trained_on_rows_of_their_own_and_watched_on_the_same(store):
    rows = training_rows(store, 1.0, 1, RESAMPLING)
    data = member_data(store, rows, ("measured",), [1, 2])
    for number, own in data.items():
        np.testing.assert_array_equal(own.tokens, store.tokens[rows.of_member(number)])
        np.testing.assert_array_equal(own.targets["measured"], store.targets[rows.of_member(number)])
    np.testing.assert_array_equal(data[1].validation_tokens, data[2].validation_tokens)


def test_what_was_not_measured_is_told(store):
    with pytest.raises(DeguError, match="no measurement for 'epistemic'"):
        member_data(store, training_rows(store, 1.0, 1), ("epistemic",), [1])


def test_students_are_trained_on_the_targets_of_the_rows_of_the_fraction(store):
    rows = training_rows(store, 0.4, 1)
    sizes = {split: len(store.rows(split)) for split in ("train", "validation")}
    targets = {split: {"mean": np.arange(size, dtype=np.float32)[:, None]} for split, size in sizes.items()}
    data = student_data(store, rows, targets, [1, 2])
    assert data[1] is data[2]
    np.testing.assert_array_equal(store.rows("train")[data[1].targets["mean"][:, 0].astype(int)], rows.subset)
    np.testing.assert_array_equal(data[1].tokens, store.tokens[rows.subset])
    np.testing.assert_array_equal(data[1].validation_targets["mean"], targets["validation"]["mean"])
