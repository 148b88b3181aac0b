"""The sequences and targets that members and students are trained on."""

import numpy as np
import pytest

from degu.data.training_rows import training_rows
from degu.distillation.training_data import arrays_for_training, member_data, student_data
from degu.errors import DeguError
from tests.data.counted import counted_store

STUDENT = {
    "augmentation": None,
    "labels": "kept",
    "originals": True,
    "pool": None,
    "pool_size": None,
    "windows": {"jitter": 0, "reverse_complement": False, "rows": "all", "negatives": None},
    "validation_targets": "ensemble",
}
MUTATIONS = {"augmentations": [{"name": "mutation", "fraction": 0.2}], "number": 1, "selection": "hard"}
RESAMPLING = {"members": 2, "method": "folds", "seed": 3}


def test_members_are_trained_on_the_measurements_of_the_fraction_and_share_them(store, recipe):
    rows = training_rows(store, 0.5, 1)
    data = member_data(store, rows, {**recipe, "heads": ["mean", "aleatoric"]}, [1, 4])
    assert data[1] is data[4]
    np.testing.assert_array_equal(data[1].tokens, store.tokens[rows.subset])
    np.testing.assert_array_equal(data[1].targets["mean"], store.targets[rows.subset])
    np.testing.assert_array_equal(data[1].targets["aleatoric"], store.replicate_std[rows.subset])
    np.testing.assert_array_equal(data[1].validation_tokens, store.tokens[store.rows("validation")])
    np.testing.assert_array_equal(data[1].validation_targets["mean"], store.targets[store.rows("validation")])
    assert (data[1].augment, data[1].label) == (None, None)


def test_resampled_members_are_trained_on_rows_of_their_own_and_watched_on_the_same(store, recipe):
    rows = training_rows(store, 1.0, 1, RESAMPLING)
    data = member_data(store, rows, recipe, [1, 2])
    for number, own in data.items():
        np.testing.assert_array_equal(own.tokens, store.tokens[rows.of_member(number)])
        np.testing.assert_array_equal(own.targets["mean"], store.targets[rows.of_member(number)])
    np.testing.assert_array_equal(data[1].validation_tokens, data[2].validation_tokens)


def test_what_was_not_measured_is_told(store, recipe):
    with pytest.raises(DeguError, match="no measurement for 'epistemic'"):
        member_data(store, training_rows(store, 1.0, 1), {**recipe, "heads": ["mean", "epistemic"]}, [1])


def test_students_are_trained_on_the_targets_of_the_rows_of_the_fraction(store):
    rows = training_rows(store, 0.4, 1)
    sizes = {split: len(store.rows(split)) for split in ("train", "validation")}
    targets = {split: {"mean": np.arange(size, dtype=np.float32)[:, None]} for split, size in sizes.items()}
    data = student_data(store, rows, targets, STUDENT, [1, 2])
    assert data[1] is data[2]
    np.testing.assert_array_equal(store.rows("train")[data[1].targets["mean"][:, 0].astype(int)], rows.subset)
    np.testing.assert_array_equal(data[1].tokens, store.tokens[rows.subset])
    np.testing.assert_array_equal(data[1].validation_targets["mean"], targets["validation"]["mean"])


def of_splits(store, value=1.0, **parts):
    """Return a target `mean` for each split, which counts its rows, and for each further part of another size."""
    sizes = {split: len(store.rows(split)) for split in ("train", "validation")} | parts
    return {split: {"mean": value * np.arange(size, dtype=np.float32)[:, None]} for split, size in sizes.items()}


def pool_of(store, train, validation):
    rng = np.random.default_rng(7)
    length = store.tokens.shape[1]
    return {
        part: rng.integers(0, 4, size=(size, length), dtype=np.uint8)
        for part, size in (("train", train), ("validation", validation))
    }


@pytest.mark.parametrize("originals", [True, False])
@pytest.mark.parametrize("size", [None, 11])
def test_the_sequences_of_a_pool_come_beside_or_in_place_of_the_original_ones(store, originals, size):
    rows, pool = training_rows(store, 0.5, 1), pool_of(store, 30, 4)
    targets = of_splits(store, pool_train=30, pool_validation=4)
    recipe = {**STUDENT, "pool": {"name": "mine"}, "pool_size": size, "originals": originals}
    data = student_data(store, rows, targets, recipe, [1], pool=pool)[1]
    used, own = size or 30, len(rows.subset)
    np.testing.assert_array_equal(data.tokens[-used:], pool["train"][:used])
    np.testing.assert_array_equal(data.targets["mean"][-used:, 0], np.arange(used))
    assert len(data.tokens) == used + (own if originals else 0)
    if originals:
        np.testing.assert_array_equal(data.tokens[:own], store.tokens[rows.subset])
        np.testing.assert_array_equal(data.targets["mean"][:own, 0], rows.positions)
    assert data.epoch_size == own
    np.testing.assert_array_equal(data.validation_tokens[-4:], pool["validation"])
    assert len(data.validation_tokens) == len(store.rows("validation")) + 4
    tuned = data.for_fine_tuning()
    np.testing.assert_array_equal(tuned.tokens, store.tokens[rows.subset])
    np.testing.assert_array_equal(tuned.targets["mean"][:, 0], rows.positions)


def test_sequences_without_measurements_are_not_among_those_compared_with_measurements(store):
    rows, pool = training_rows(store, 0.5, 1), pool_of(store, 30, 4)
    recipe = {**STUDENT, "pool": {"name": "mine"}, "validation_targets": "measured"}
    data = student_data(store, rows, of_splits(store, pool_train=30, pool_validation=4), recipe, [1], pool=pool)[1]
    np.testing.assert_array_equal(data.validation_tokens, store.tokens[store.rows("validation")])


def test_a_pool_that_is_too_small_is_told(store):
    rows, pool = training_rows(store, 0.5, 1), pool_of(store, 30, 4)
    recipe = {**STUDENT, "pool": {"name": "mine"}, "pool_size": 31}
    with pytest.raises(DeguError, match="mine: the pool has 30 sequences for training\n  expected: 31"):
        student_data(store, rows, of_splits(store, pool_train=30, pool_validation=4), recipe, [1], pool=pool)


@pytest.mark.parametrize("originals", [True, False])
def test_labels_on_the_fly_are_those_of_the_sequences_as_changed(store, originals):
    def label(tokens):
        return {"mean": tokens.sum(axis=1, dtype=np.float32)[:, None]}

    rows = training_rows(store, 1.0, 1)
    recipe = {**STUDENT, "augmentation": MUTATIONS, "labels": "members", "originals": originals}
    data = student_data(store, rows, of_splits(store), recipe, [1], label=label, seed=4)[1]
    assert data.label is label
    assert data.keep_originals == originals
    changed = data.augment(data.tokens[:5], np.random.default_rng(1))
    assert (changed.tokens != data.tokens[:5]).any()
    own = len(store.rows("validation"))
    np.testing.assert_array_equal(data.validation_tokens[:own], store.tokens[store.rows("validation")])
    assert (data.validation_tokens[own:] != data.validation_tokens[:own]).any()
    np.testing.assert_array_equal(data.validation_targets["mean"][own:], label(data.validation_tokens[own:])["mean"])


def test_the_sequences_of_members_may_be_changed_and_keep_their_targets(store, recipe):
    rows = training_rows(store, 1.0, 1)
    data = member_data(store, rows, {**recipe, "augmentation": MUTATIONS}, [1])[1]
    np.testing.assert_array_equal(data.targets["mean"], store.targets[rows.subset])
    assert (data.augment(data.tokens, np.random.default_rng(1)).tokens != data.tokens).any()
    assert data.label is None


# Negatives


def some_negatives(store, each=0.5):
    settings = {"jitter": 0, "reverse_complement": False, "negatives": each, "rows": "all", "count_threshold": None}
    return settings, training_rows(store, 1.0, 1, windows=settings)


def counts_of_epoch(data, negative, epoch):
    """Return the numbers of regions and of negatives in an epoch."""
    drawn = negative[data.epochs.order(1, epoch)]
    return int((~drawn).sum()), int(drawn.sum())


def test_each_epoch_of_members_has_other_negatives_and_validation_the_same(recipe):
    store, _ = counted_store(120)
    settings, rows = some_negatives(store)
    data = member_data(store, rows, {**recipe, "windows": settings}, [1, 2])[1]
    negative = store.negative[rows.subset]
    regions = int((~negative).sum())
    assert negative.sum() > 1
    chosen = min(round(0.5 * regions), int(negative.sum()))
    assert [counts_of_epoch(data, negative, epoch) for epoch in range(3)] == [(regions, chosen)] * 3
    assert data.epoch_size == regions + chosen
    assert data.steps(16) == -(-(regions + chosen) // 16)
    np.testing.assert_array_equal(data.validation_tokens, store.tokens[rows.validation])
    # All rows are there to draw from, also for fine-tuning.
    assert len(data.tokens) == len(store.rows("train"))
    assert data.for_fine_tuning().epochs is data.epochs


def test_scales_and_weights_are_those_of_what_an_epoch_has(recipe):
    store, _ = counted_store(120)
    settings, rows = some_negatives(store, 0.1)
    data = member_data(store, rows, {**recipe, "windows": settings}, [1])[1]
    expected = store.targets[rows.subset][data.epochs.order(5, 0)]
    np.testing.assert_array_equal(data.typical_targets(5)["mean"], expected)
    whole = member_data(store, training_rows(store, 1.0, 1), recipe, [1])[1]
    assert whole.typical_targets(5) is whole.targets


def test_a_student_has_negatives_as_its_members_have_and_the_targets_of_its_rows():
    store, _ = counted_store(120)
    settings, rows = some_negatives(store)
    data = student_data(store, rows, of_splits(store), {**STUDENT, "windows": settings}, [1])[1]
    negative = store.negative[rows.subset]
    assert counts_of_epoch(data, negative, 0)[0] == int((~negative).sum())
    found = store.rows("validation")[data.validation_targets["mean"][:, 0].astype(int)]
    np.testing.assert_array_equal(found, rows.validation)
    np.testing.assert_array_equal(data.validation_tokens, store.tokens[rows.validation])


def test_counts_are_read_for_profiles_for_windows_and_for_negatives(recipe):
    settings = {"jitter": 0, "reverse_complement": False, "rows": "all", "negatives": None}
    assert arrays_for_training({**recipe, "windows": settings}) == ()
    assert arrays_for_training({**recipe, "windows": {**settings, "rows": "all", "negatives": 0.1}}) == ()
    assert arrays_for_training({**recipe, "windows": {**settings, "rows": "negatives"}}) == ("counts",)
    assert arrays_for_training({**recipe, "windows": {**settings, "reverse_complement": True}}) == ("counts",)
    assert "context_counts" in arrays_for_training({**recipe, "windows": {**settings, "jitter": 1}})
