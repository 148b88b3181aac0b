"""Expected gradients by the package against closed forms and integrated gradients, and where its numbers come from."""

import numpy as np
import pytest

from degu.attribution.explained import Explained
from degu.attribution.methods import integrated_gradients, shap_gradient
from degu.outputs.outputs import Outputs
from tests.attribution.networks import (
    HEADS,
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


def linear_example(head: str = "mean", outputs: Outputs | None = None) -> tuple[Explained, np.ndarray]:
    """Return a head of a linear model, and its weights, (8, 4)."""
    outputs = outputs or scaled_outputs()
    model = linear(8, outputs)
    return Explained(model, outputs, head, 1), outputs.spread[1] * weights_of(model, head)[0][:, 1].reshape(8, 4)


# Closed forms


@pytest.mark.parametrize("samples", [1, 20])
def test_on_a_linear_model_with_one_background_it_is_weight_times_difference(samples):
    explained, weights = linear_example()
    tokens, backgrounds = random_tokens(3, 8, letters=5), random_tokens(3, 1, 8, seed=1, letters=5)
    values, difference = maps_of(shap_gradient, explained, tokens, backgrounds, samples=samples)
    expected = weights * (one_hot(tokens) - one_hot(backgrounds[:, 0]))
    assert_near(values, expected)
    assert_near(difference, expected.sum(axis=(1, 2)))


def test_on_a_linear_model_it_is_that_with_the_mean_of_randomly_drawn_backgrounds():
    explained, weights = linear_example()
    tokens, backgrounds = random_tokens(40, 8), random_tokens(40, 5, 8, seed=1)
    values, _ = maps_of(shap_gradient, explained, tokens, backgrounds, samples=400)
    references = one_hot(backgrounds)
    expected = weights * (one_hot(tokens) - references.mean(axis=1))
    error = np.abs(weights) * references.std(axis=1) / np.sqrt(400)
    varied = error > 1e-6
    np.testing.assert_allclose(values[~varied], expected[~varied], atol=1e-5)
    # Each of the 40 sequences draws for itself.
    scores = (values - expected)[varied] / error[varied]
    assert np.abs(scores).max() < 5
    assert scores.std() == pytest.approx(1, abs=0.15)


@pytest.mark.parametrize(("head", "options"), HEADS)
def test_one_sample_is_a_slope_on_the_line_from_the_background(head, options):
    """Finite differences at one of many points of the line agree at all positions, and differ between its ends."""
    outputs = scaled_outputs(**options)
    explained = Explained(smooth(6, outputs), outputs, head, 1)
    tokens, backgrounds = random_tokens(1, 6), random_tokens(1, 1, 6, seed=3)
    values, _ = maps_of(shap_gradient, explained, tokens, backgrounds, samples=1, seed=5)
    x, reference = one_hot(tokens), one_hot(backgrounds[:, 0])
    points = reference + np.linspace(0, 1, 201)[:, None, None] * (x - reference)
    found = (x - reference) * slopes(function_of(explained), points)
    distance = np.abs(found - values).max(axis=(1, 2))
    assert distance.min() < 0.02 * np.abs(values).max() < np.abs(found[0] - found[-1]).max()


def test_with_many_samples_it_nears_integrated_gradients_and_its_sums_the_change_of_the_prediction():
    explained, tokens, backgrounds = smooth_example(6), random_tokens(12, 6), random_tokens(12, 4, 6, seed=1)
    expected, total = maps_of(integrated_gradients, explained, tokens, backgrounds, steps=50)
    maps, sums = [], []
    for samples in (50, 5000):
        values, difference = maps_of(shap_gradient, explained, tokens, backgrounds, samples=samples)
        assert_near(difference, total, 1e-4)
        maps.append(np.sqrt(np.mean((values - expected) ** 2)))
        sums.append(np.sqrt(np.mean((values.sum(axis=(1, 2)) - difference) ** 2)))
    # A hundred times the samples leave a tenth of the error.
    assert maps[0] / maps[1] == pytest.approx(10, rel=0.4)
    assert sums[0] / sums[1] == pytest.approx(10, rel=0.6)


# Random draws


def example_maps(seed: int = 0, samples: int = 5) -> np.ndarray:
    tokens, backgrounds = random_tokens(3, 8), random_tokens(3, 4, 8, seed=1)
    return maps_of(shap_gradient, smooth_example(8), tokens, backgrounds, samples=samples, seed=seed)[0]


def seed_global(seed: int) -> None:
    np.random.seed(seed)  # noqa: NPY002


def draw_global() -> np.ndarray:
    return np.random.random(4)  # noqa: NPY002


def test_draws_come_from_the_seed_alone_whatever_the_global_generator():
    seed_global(1)
    first = example_maps(seed=1)
    seed_global(2)
    draw_global()
    np.testing.assert_array_equal(example_maps(seed=1), first)
    assert np.abs(example_maps(seed=2) - first).max() > 1e-3 * np.abs(first).max()


def test_the_global_generator_goes_on_as_if_nothing_had_been_drawn():
    seed_global(3)
    expected = draw_global()
    seed_global(3)
    example_maps()
    np.testing.assert_array_equal(draw_global(), expected)


def mean_drawn(values: np.ndarray, weights: np.ndarray, tokens: np.ndarray) -> np.ndarray:
    """Return the mean of the backgrounds that were drawn, which a linear model's maps tell."""
    return one_hot(tokens) - values / weights


def test_each_sequence_has_draws_of_its_own_which_are_the_same_for_every_head():
    outputs = scaled_outputs(link="identity")
    tokens = random_tokens(4, 8)
    backgrounds = np.repeat(random_tokens(1, 6, 8, seed=1), 4, axis=0)
    drawn = []
    for head in ("mean", "aleatoric"):
        explained, weights = linear_example(head, outputs)
        values, _ = maps_of(shap_gradient, explained, tokens, backgrounds, samples=9)
        drawn.append(mean_drawn(values, weights, tokens))
    np.testing.assert_allclose(drawn[0], drawn[1], atol=1e-3)
    # Nine draws of six backgrounds, in ninths.
    np.testing.assert_allclose(9 * drawn[0], np.round(9 * drawn[0]), atol=1e-2)
    pairs = [np.abs(drawn[0][one] - drawn[0][other]).max() for one in range(4) for other in range(one)]
    assert min(pairs) > 0.1
