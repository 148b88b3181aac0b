"""The rows of each epoch, in particular negatives that are drawn anew."""

import numpy as np
import pytest
from scipy import stats

from degu.data.batches import Batches
from degu.data.epochs import DrawnNegatives, Permutations, drawn_negatives

NEGATIVE = np.arange(60) % 3 == 0


@pytest.mark.parametrize(("each", "number"), [(0, 0), (0.1, 4), (0.11, 4), (0.25, 10), (0.5, 20), (3, 20)])
def test_an_epoch_has_all_regions_and_a_number_of_negatives_for_each(each, number):
    epochs = drawn_negatives(NEGATIVE, each)
    assert epochs.size == 40 + number
    order = epochs.order(7, 3)
    assert len(order) == len(set(order.tolist())) == epochs.size
    assert set(np.flatnonzero(~NEGATIVE)) <= set(order.tolist())
    assert NEGATIVE[order].sum() == number


def test_negatives_are_drawn_anew_for_each_epoch_and_follow_from_seed_and_epoch_alone():
    epochs = drawn_negatives(NEGATIVE, 0.1)
    drawn = {(seed, epoch): frozenset(epochs.order(seed, epoch)) for seed in range(4) for epoch in range(4)}
    assert len(set(drawn.values())) == 16
    np.testing.assert_array_equal(epochs.order(2, 3), drawn_negatives(NEGATIVE, 0.1).order(2, 3))


def test_each_negative_is_drawn_as_often_as_any_other_and_regions_are_shuffled():
    epochs = drawn_negatives(NEGATIVE, 0.1)
    orders = np.array([epochs.order(1, epoch) for epoch in range(2000)])
    numbers = np.bincount(orders[NEGATIVE[orders]], minlength=60)[NEGATIVE]
    # Draws without replacement vary less than those of a multinomial distribution, which the test assumes.
    assert stats.chisquare(numbers).pvalue > 1e-3
    places = np.bincount(orders[:, 0], minlength=60)[~NEGATIVE]
    assert stats.chisquare(places).pvalue > 1e-3


def test_without_negatives_or_regions_an_epoch_has_what_there_is():
    assert sorted(drawn_negatives(np.zeros(5, dtype=bool), 0.5).order(1, 0)) == list(range(5))
    assert drawn_negatives(np.ones(5, dtype=bool), 0.5).size == 0


def test_one_draw_is_in_rising_order():
    epochs = DrawnNegatives(np.array([4, 1]), np.array([0, 2, 3]), 2)
    rows = epochs.rows(np.random.default_rng(1))
    assert rows.tolist() == sorted(rows)
    assert {1, 4} < set(rows)


def test_batches_have_the_rows_of_their_epochs_also_where_a_training_goes_on():
    tokens = np.random.default_rng(3).integers(0, 4, size=(60, 6), dtype=np.uint8)
    targets = np.arange(60, dtype=np.float32)[:, None]
    epochs = drawn_negatives(NEGATIVE, 0.25)

    def rows_of_epoch(batches):
        batches.on_epoch_begin()
        return [int(row) for index in range(len(batches)) for row in batches[index][1][:, 0]]

    batches = Batches(tokens, targets, batch_size=8, seed=5, epochs=epochs)
    assert len(batches) == -(-50 // 8)
    seen = [rows_of_epoch(batches) for _ in range(3)]
    assert seen == [epochs.order(5, epoch).tolist() for epoch in range(3)]
    resumed = Batches(tokens, targets, batch_size=8, seed=5, epochs=epochs, first_epoch=2)
    assert rows_of_epoch(resumed) == seen[2]


def test_permutations_go_on_from_one_epoch_to_the_next():
    epochs = Permutations(10, 4)
    rows = np.concatenate([epochs.order(3, epoch) for epoch in range(5)])
    assert sorted(rows[:10]) == sorted(rows[10:]) == list(range(10))
