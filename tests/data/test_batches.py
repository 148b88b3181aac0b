"""Batches of one-hot sequences."""

import keras
import numpy as np
import pytest

from degu.data import batches
from degu.data.augmenting import Augmented
from degu.data.batches import Batches
from degu.data.epochs import Permutations


def numbered(rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Return random tokens, and outputs that are the rows' numbers."""
    tokens = np.random.default_rng(3).integers(0, 5, size=(rows, 6), dtype=np.uint8)
    return tokens, np.arange(rows, dtype=np.float32)[:, None]


def epoch_order(data: Batches) -> list[int]:
    """Begin the next epoch and return the row numbers in the order they come."""
    data.on_epoch_begin()
    return np.concatenate([data[index][1][:, 0] for index in range(len(data))]).astype(int).tolist()


def test_without_a_seed_rows_come_in_order_every_epoch():
    data = Batches(*numbered(7), batch_size=3)
    assert epoch_order(data) == list(range(7))
    assert epoch_order(data) == list(range(7))


@pytest.mark.parametrize(("rows", "batch_size", "sizes"), [(7, 3, [3, 3, 1]), (6, 3, [3, 3]), (2, 8, [2])])
def test_the_last_batch_holds_what_is_left(rows, batch_size, sizes):
    data = Batches(*numbered(rows), batch_size=batch_size, seed=1)
    assert [len(data[index][0]) for index in range(len(data))] == sizes


def test_every_row_comes_exactly_once_an_epoch():
    data = Batches(*numbered(53), batch_size=8, seed=2)
    for _ in range(3):
        assert sorted(epoch_order(data)) == list(range(53))


def test_an_epochs_order_depends_on_seed_and_epoch_alone():
    tokens, outputs = numbered(53)
    data = Batches(tokens, outputs, batch_size=8, seed=2)
    orders = [epoch_order(data) for _ in range(4)]
    assert len({tuple(order) for order in orders}) == 4
    for first_epoch in range(4):
        # Whatever other random numbers were drawn and however the batches are cut.
        keras.utils.set_random_seed(first_epoch)
        resumed = Batches(tokens, outputs, batch_size=5, seed=2, first_epoch=first_epoch)
        assert epoch_order(resumed) == orders[first_epoch]


def test_another_seed_gives_another_order():
    tokens, outputs = numbered(53)
    orders = {tuple(epoch_order(Batches(tokens, outputs, batch_size=8, seed=seed))) for seed in range(5)}
    assert len(orders) == 5


def test_sequences_and_outputs_of_a_row_stay_together():
    tokens, outputs = numbered(20)
    data = Batches(tokens, outputs, batch_size=6, seed=4)
    data.on_epoch_begin()
    for index in range(len(data)):
        sequences, rows = data[index]
        assert sequences.dtype == np.float32
        for sequence, row in zip(sequences, rows[:, 0].astype(int), strict=True):
            expected = [[float(token == base) for base in range(4)] for token in tokens[row]]
            np.testing.assert_array_equal(sequence, expected)


def test_only_the_rows_of_one_batch_are_made_one_hot_at_a_time(monkeypatch):
    shapes = []
    original = batches.one_hot
    monkeypatch.setattr(batches, "one_hot", lambda tokens: shapes.append(tokens.shape) or original(tokens))
    data = Batches(*numbered(20), batch_size=6)
    assert shapes == []
    data[1]
    data[3]
    assert shapes == [(6, 6), (2, 6)]


def test_without_outputs_a_batch_is_sequences_alone():
    tokens, _ = numbered(5)
    (sequences,) = Batches(tokens, batch_size=4)[0]
    assert sequences.shape == (4, 6, 4)


def test_keras_sees_each_epoch_in_the_order_of_its_number():
    tokens, outputs = numbered(11)
    seen = []

    class Recording(Batches):
        def __getitem__(self, index):
            batch = super().__getitem__(index)
            seen[-1][index] = batch[1][:, 0].astype(int).tolist()
            return batch

        def on_epoch_begin(self):
            super().on_epoch_begin()
            seen.append({})

    seen.append({})
    model = keras.Sequential([keras.Input((6, 4)), keras.layers.Flatten(), keras.layers.Dense(1)])
    model.compile("sgd", "mse", run_eagerly=True)
    model.fit(Recording(tokens, outputs, batch_size=4, seed=9, first_epoch=2), epochs=3, shuffle=False, verbose=0)
    reference = Batches(tokens, outputs, batch_size=4, seed=9, first_epoch=2)
    # What comes before the first epoch is Keras's look at the shapes.
    orders = [[row for index in sorted(epoch) for row in epoch[index]] for epoch in seen[1:]]
    assert orders[:3] == [epoch_order(reference) for _ in range(3)]


def mutate(tokens: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return sequences of which each base is drawn anew."""
    return rng.integers(0, 4, size=tokens.shape, dtype=np.uint8)


def sequences_of_epoch(data: Batches) -> np.ndarray:
    data.on_epoch_begin()
    return np.concatenate([data[index][0] for index in range(len(data))])


def test_augmentation_changes_the_sequences_of_each_epoch_anew_and_no_target():
    tokens, targets = numbered(20)
    data = Batches(tokens, targets, batch_size=6, seed=4, augment=mutate)
    first, second = sequences_of_epoch(data), sequences_of_epoch(data)
    assert not np.array_equal(first, second)
    # No two batches of an epoch share their draws.
    assert not np.array_equal(first[:6], first[6:12])
    plain = Batches(tokens, targets, batch_size=6, seed=4)
    assert epoch_order(data) == [epoch_order(plain) for _ in range(3)][-1]
    np.testing.assert_array_equal(data.tokens, numbered(20)[0])


def test_a_resumed_training_sees_the_augmented_sequences_of_an_uninterrupted_one():
    tokens, targets = numbered(20)
    data = Batches(tokens, targets, batch_size=6, seed=4, augment=mutate)
    epochs = [sequences_of_epoch(data) for _ in range(3)]
    resumed = Batches(tokens, targets, batch_size=6, seed=4, augment=mutate, first_epoch=2)
    np.testing.assert_array_equal(sequences_of_epoch(resumed), epochs[2])
    # A batch that is asked for twice is the same.
    np.testing.assert_array_equal(resumed[1][0], resumed[1][0])


def test_the_draws_of_augmentation_are_not_those_of_shuffling():
    draws = []
    data = Batches(
        *numbered(6), batch_size=6, seed=4, augment=lambda tokens, rng: draws.append(rng.permutation(6)) or tokens
    )
    order = epoch_order(data)
    assert draws[0].tolist() != order == np.random.default_rng([4, 0]).permutation(6).tolist()


def test_targets_may_be_made_for_the_sequences_as_they_are_augmented():
    tokens, _ = numbered(20)
    data = Batches(
        tokens, batch_size=6, seed=4, augment=mutate, label=lambda own: (own == 2).sum(axis=1, keepdims=True)
    )
    data.on_epoch_begin()
    for index in range(len(data)):
        sequences, targets = data[index]
        np.testing.assert_array_equal(targets[:, 0], sequences[..., 2].sum(axis=1))


def test_a_model_sees_the_values_that_an_augmentation_returns_and_labels_are_made_for_its_tokens():
    def blur(tokens: np.ndarray, rng: np.random.Generator) -> Augmented:
        tokens = mutate(tokens, rng)
        return Augmented(tokens, batches.one_hot(tokens) + np.float32(0.25))

    tokens, targets = numbered(20)
    noisy = Batches(tokens, targets, batch_size=6, seed=4, augment=blur)
    clean = Batches(tokens, targets, batch_size=6, seed=4, augment=mutate)
    np.testing.assert_array_equal(sequences_of_epoch(noisy), sequences_of_epoch(clean) + np.float32(0.25))
    noisy.label = lambda own: own[:, :1]
    sequences, labels = noisy[0]
    np.testing.assert_array_equal(sequences[:, 0].argmax(axis=1), labels[:, 0])


def test_epochs_of_another_size_go_through_the_permutations_of_all_rows_one_after_another():
    tokens, outputs = numbered(10)
    whole = Batches(tokens, outputs, batch_size=4, seed=3)
    series = [row for _ in range(6) for row in epoch_order(whole)]
    for size in (4, 7, 10, 23):
        data = Batches(tokens, outputs, batch_size=4, seed=3, epochs=Permutations(10, size))
        assert len(data) == -(-size // 4)
        orders = [epoch_order(data) for _ in range(2)]
        assert orders == [series[:size], series[size : 2 * size]]
        resumed = Batches(tokens, outputs, batch_size=4, seed=3, epochs=Permutations(10, size), first_epoch=1)
        assert epoch_order(resumed) == orders[1]


def test_originals_come_before_what_they_are_changed_to():
    tokens, targets = numbered(20)
    tokens %= 4
    data = Batches(
        tokens,
        targets,
        batch_size=6,
        seed=4,
        augment=lambda tokens, rng: 3 - tokens,
        label=lambda tokens: tokens.sum(axis=1, dtype="f4")[:, None],
        keep_originals=True,
    )
    plain = Batches(tokens, targets, batch_size=6, seed=4)
    data.on_epoch_begin()
    plain.on_epoch_begin()
    for index in range(len(data)):
        (values, found), (expected, own) = data[index], plain[index]
        size = len(expected)
        np.testing.assert_array_equal(values[:size], expected)
        np.testing.assert_array_equal(found[:size], own)
        np.testing.assert_array_equal(values[size:], expected[:, :, ::-1])
        np.testing.assert_array_equal(found[size:, 0], values[size:].argmax(axis=-1).sum(axis=1))
