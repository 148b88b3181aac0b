"""From multipliers to maps."""

import numpy as np
import pytest
import tensorflow as tf

from degu.attribution import contributions
from degu.data import sequences
from tests.attribution.networks import one_hot, random_tokens


@pytest.mark.parametrize("shape", [(7,), (3, 7), (3, 2, 7)])
def test_one_hot_sequences_are_those_that_models_are_trained_on(shape):
    tokens = random_tokens(*shape, letters=5)
    result = contributions.one_hot(tf.constant(tokens)).numpy()
    assert result.dtype == np.float32
    np.testing.assert_array_equal(result, sequences.one_hot(tokens))


def test_a_gradient_comes_with_the_values_and_is_each_samples_own():
    inputs = tf.constant(np.random.default_rng(1).normal(size=(3, 5, 4)))
    slopes, values = contributions.gradient(lambda x: tf.reduce_sum(x**3, axis=(1, 2)), inputs)
    np.testing.assert_allclose(slopes.numpy(), 3 * inputs.numpy() ** 2)
    np.testing.assert_allclose(values.numpy(), (inputs.numpy() ** 3).sum(axis=(1, 2)))


def random_multipliers() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    multipliers = np.random.default_rng(2).normal(size=(3, 6, 5, 4))
    return multipliers, random_tokens(3, 5, letters=5), random_tokens(3, 6, 5, seed=1, letters=5)


def combined(hypothetical: bool) -> np.ndarray:
    multipliers, tokens, backgrounds = random_multipliers()
    return contributions.combine(
        *map(tf.constant, (multipliers, one_hot(tokens), one_hot(backgrounds))), hypothetical
    ).numpy()


def test_a_map_is_the_mean_of_multiplier_times_difference():
    multipliers, tokens, backgrounds = random_multipliers()
    expected = np.zeros((3, 5, 4))
    for row, index, position, base in np.ndindex(3, 6, 5, 4):
        difference = int(tokens[row, position] == base) - int(backgrounds[row, index, position] == base)
        expected[row, position, base] += multipliers[row, index, position, base] * difference / 6
    np.testing.assert_allclose(combined(hypothetical=False), expected, atol=1e-12)


def test_a_hypothetical_map_is_that_of_each_base_in_the_sequences_place():
    multipliers, _, backgrounds = random_multipliers()
    expected = np.zeros((3, 5, 4))
    for row, index, position, base in np.ndindex(3, 6, 5, 4):
        own = multipliers[row, index, position]
        reference = backgrounds[row, index, position]
        expected[row, position, base] += (own[base] - (own[reference] if reference < 4 else 0)) / 6
    np.testing.assert_allclose(combined(hypothetical=True), expected, atol=1e-12)


def test_both_kinds_of_maps_have_the_same_sum_at_known_bases():
    _, tokens, _ = random_multipliers()
    known = tokens != 4
    hypothetical = (combined(hypothetical=True) * one_hot(tokens)).sum(axis=2)
    np.testing.assert_allclose(hypothetical[known], combined(hypothetical=False).sum(axis=2)[known], atol=1e-12)


# Parts


def test_fewer_long_sequences_than_short_ones_pass_the_network_at_a_time():
    assert [contributions.rows_at_a_time(length) for length in (20, 256, 512, 2114, 10**6)] == [512, 512, 256, 62, 1]


@pytest.mark.parametrize(
    ("length", "backgrounds", "rows", "expected"),
    [(249, 100, 1, 100), (249, 100, 21, 20), (2114, 100, 1, 50), (2114, 20, 21, 2), (2114, 7, 21, 1), (10**6, 3, 9, 1)],
)
def test_the_backgrounds_at_a_time_divide_all(length, backgrounds, rows, expected):
    assert contributions.backgrounds_at_a_time(length, backgrounds, rows) == expected


@pytest.mark.parametrize("each", [1, 2, 3, 6])
def test_the_mean_over_parts_of_the_backgrounds_is_that_over_all(each):
    _, tokens, backgrounds = random_multipliers()
    references, inputs = tf.constant(one_hot(backgrounds)), tf.constant(one_hot(tokens))

    def compare(part: tf.Tensor) -> contributions.Maps:
        assert part.shape == (3, each, 5, 4)
        own = inputs[:, None] * (1 + part)
        return contributions.Maps(tf.reduce_mean(own, axis=1), tf.reduce_mean(own, axis=(1, 2, 3)))

    found = contributions.mean_over_backgrounds(compare, references, each)
    expected = one_hot(tokens)[:, None] * (1 + one_hot(backgrounds))
    np.testing.assert_allclose(found.values, expected.mean(axis=1))
    np.testing.assert_allclose(found.difference, expected.mean(axis=(1, 2, 3)))
