"""Expected gradients against closed forms and integrated gradients."""

import numpy as np
import pytest

from degu.attribution.explained import Explained
from degu.attribution.methods import expected_gradients, integrated_gradients
from tests.attribution.networks import (
    assert_near,
    function_of,
    linear,
    maps_of,
    one_hot,
    random_tokens,
    scaled_outputs,
    slopes,
    smooth,
    weights_of,
)


def smooth_example(length: int) -> Explained:
    outputs = scaled_outputs(link="softplus")
    return Explained(smooth(length, outputs), outputs, "total", target=1)


@pytest.mark.parametrize("backgrounds", [1, 5])
def test_on_a_linear_model_it_is_weight_times_difference(backgrounds):
    outputs = scaled_outputs()
    model = linear(8, outputs)
    tokens = random_tokens(3, 8, seed=1, letters=5)
    references = random_tokens(3, backgrounds, 8, seed=2, letters=5)
    kernel = outputs.spread[1] * weights_of(model, "mean")[0][:, 1].reshape(8, 4)
    values, difference = maps_of(expected_gradients, Explained(model, outputs, "mean", 1), tokens, references)
    assert_near(values, kernel * (one_hot(tokens) - one_hot(references).mean(axis=1)))
    assert difference is None


def test_each_background_gives_one_point_and_the_points_are_spread_evenly():
    explained, tokens, backgrounds = smooth_example(8), random_tokens(3, 8), random_tokens(3, 4, 8, seed=1)
    x, references = one_hot(tokens), one_hot(backgrounds)
    expected = 0
    for index, point in enumerate((1 / 8, 3 / 8, 5 / 8, 7 / 8)):
        change = x - references[:, index]
        expected = expected + change * slopes(function_of(explained), references[:, index] + point * change) / 4
    assert_near(maps_of(expected_gradients, explained, tokens, backgrounds)[0], expected)


def test_copies_of_one_background_give_the_integrated_gradients_from_it():
    explained, tokens, background = smooth_example(8), random_tokens(3, 8), random_tokens(3, 1, 8, seed=1)
    expected, _ = maps_of(integrated_gradients, explained, tokens, background, steps=200)
    values, _ = maps_of(expected_gradients, explained, tokens, np.repeat(background, 200, axis=1))
    assert_near(values, expected, 1e-4)


def test_with_many_backgrounds_it_nears_their_integrated_gradients():
    explained, tokens, backgrounds = smooth_example(6), random_tokens(2, 6), random_tokens(2, 4000, 6, seed=1)
    expected, _ = maps_of(integrated_gradients, explained, tokens, backgrounds, steps=20)
    errors = []
    for number in (250, 4000):
        values, _ = maps_of(expected_gradients, explained, tokens, backgrounds[:, :number])
        errors.append(np.sqrt(np.mean((values - expected) ** 2)) / np.abs(expected).max())
    assert errors[1] < 0.01 and errors[1] < errors[0] / 2


def test_hypothetical_maps_have_the_same_sum_at_each_base_of_the_sequence():
    explained, tokens, backgrounds = smooth_example(8), random_tokens(3, 8), random_tokens(3, 4, 8, seed=1)
    plain, _ = maps_of(expected_gradients, explained, tokens, backgrounds)
    hypothetical, _ = maps_of(expected_gradients, explained, tokens, backgrounds, hypothetical=True)
    assert_near((hypothetical * one_hot(tokens)).sum(axis=2), plain.sum(axis=2))
