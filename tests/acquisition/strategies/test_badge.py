"""Choice by gradients, as in BADGE."""

from collections import Counter

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import stats

from degu.acquisition.candidates import Candidates
from degu.acquisition.strategies.badge import choose, embed
from tests.acquisition.strategies.cases import candidates


def test_the_embedding_is_the_gradient_for_a_label_one_std_away():
    """TensorFlow differentiates half the squared error of a last layer whose labels are a std below."""
    known = candidates(5)
    assert known.features is not None
    assert known.student is not None
    keras.utils.set_random_seed(1)
    layer = keras.layers.Dense(2)
    layer.build((None, 3))
    for index, embedded in enumerate(embed(known)):
        with tf.GradientTape() as tape:
            predicted = layer(known.features[index, None])
            label = tf.stop_gradient(predicted) - known.student["epistemic"][index].astype(np.float32)
            loss = 0.5 * tf.reduce_sum(tf.square(predicted - label))
        kernel, bias = tape.gradient(loss, layer.weights)
        expected = np.concatenate([np.concatenate([kernel[:, t], bias[t, None]]) for t in range(2)])
        np.testing.assert_allclose(embedded, expected, rtol=1e-5)


def points(places):
    """Return candidates of one target whose gradients are places on a line, beside a constant."""
    places = np.array(places, dtype=np.float32)
    return Candidates(len(places), student={"epistemic": np.ones((len(places), 1))}, features=places[:, None])


def test_the_first_has_the_longest_gradient_and_the_next_are_drawn_by_their_squared_distance():
    places = [0.0, 1.0, -2.0, 5.0]
    taken = [choose(points(places), 2, np.random.default_rng(seed)).tolist() for seed in range(3000)]
    assert {first for first, _ in taken} == {3}
    counts = Counter(second for _, second in taken)
    squares = np.array([25.0, 16.0, 49.0])
    assert stats.chisquare([counts[index] for index in range(3)], 3000 * squares / squares.sum()).pvalue > 0.001


def test_distances_are_those_to_the_nearest_that_is_chosen():
    """There are two clusters: the second point is from the other one, and the third one lies near a chosen point."""
    places = [0.0, 0.001, 0.002, 9.0, 9.001]
    for seed in range(20):
        first, second, third = choose(points(places), 3, np.random.default_rng(seed)).tolist()
        assert (first in (3, 4)) != (second in (3, 4))
        assert third not in (first, second)


@pytest.mark.parametrize("number", [1, 4])
def test_equal_sequences_are_chosen_once_each(number):
    taken = choose(points([2.0] * 4), number, np.random.default_rng(1)).tolist()
    assert len(set(taken)) == number
