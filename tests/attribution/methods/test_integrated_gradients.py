"""Integrated gradients against closed forms and numerical integrals in double precision."""

import numpy as np
import pytest
from scipy import integrate

from degu.attribution.explained import Explained
from degu.attribution.methods import integrated_gradients
from tests.attribution.networks import (
    assert_near,
    function_of,
    linear,
    maps_of,
    one_hot,
    outputs_of,
    random_tokens,
    scaled_outputs,
    slopes,
    smooth,
    square,
    weights_of,
)

TOKENS = random_tokens(3, 8, seed=1, letters=5)
BACKGROUNDS = random_tokens(3, 4, 8, seed=2, letters=5)


def smooth_example(head: str = "total", **options) -> Explained:
    outputs = scaled_outputs(**(options or {"link": "softplus"}))
    return Explained(smooth(8, outputs), outputs, head, target=1)


def along_the_lines(explained: Explained, points: np.ndarray) -> np.ndarray:
    """Return (x - x') times the gradient, (points, n, B, L, 4), at points of the lines from x' to x."""
    x, references = one_hot(TOKENS)[:, None], one_hot(BACKGROUNDS)
    result = []
    for point in points:
        at = references + point * (x - references)
        result.append(slopes(function_of(explained), at.reshape(-1, 8, 4)).reshape(at.shape) * (x - references))
    return np.stack(result)


def exact(explained: Explained) -> np.ndarray:
    """Return the maps by Gauss and Legendre's rule."""
    nodes, weights = np.polynomial.legendre.leggauss(16)
    return np.tensordot(weights / 2, along_the_lines(explained, (nodes + 1) / 2), axes=1).mean(axis=1)


@pytest.mark.parametrize("steps", [1, 5])
def test_it_is_the_trapezoid_rule_on_the_lines_from_the_backgrounds(steps):
    explained = smooth_example()
    points = np.linspace(0, 1, steps + 1)
    expected = integrate.trapezoid(along_the_lines(explained, points), points, axis=0).mean(axis=1)
    assert_near(maps_of(integrated_gradients, explained, TOKENS, BACKGROUNDS, steps=steps)[0], expected)


@pytest.mark.parametrize(
    ("head", "options"), [("mean", {}), ("total", {"link": "softplus"}), ("epistemic", {"loss": "evidential"})]
)
def test_with_many_steps_it_is_the_integral_and_sums_to_the_difference(head, options):
    explained = smooth_example(head, **options)
    values, difference = maps_of(integrated_gradients, explained, TOKENS, BACKGROUNDS, steps=200)
    assert_near(values, exact(explained), 1e-4)
    of = function_of(explained)
    expected = of(one_hot(TOKENS)) - of(one_hot(BACKGROUNDS).reshape(-1, 8, 4)).reshape(3, 4).mean(axis=1)
    assert_near(difference, expected)
    assert_near(values.sum(axis=(1, 2)), expected, 1e-4)


def test_its_error_falls_with_the_square_of_the_steps():
    explained = smooth_example()
    expected, errors, gaps = exact(explained), [], []
    for steps in (8, 16, 32):
        values, difference = maps_of(integrated_gradients, explained, TOKENS, BACKGROUNDS, steps=steps)
        errors.append(np.abs(values - expected).max())
        gaps.append(np.abs(values.sum(axis=(1, 2)) - difference).max())
    for falling in (errors, gaps):
        np.testing.assert_allclose(np.divide(falling[:-1], falling[1:]), 4, rtol=0.25)


@pytest.mark.parametrize("steps", [1, 20])
def test_on_a_linear_model_it_is_weight_times_difference(steps):
    outputs = scaled_outputs()
    model = linear(8, outputs)
    kernel = outputs.spread[0] * weights_of(model, "mean")[0][:, 0].reshape(8, 4)
    explained = Explained(model, outputs, "mean")
    expected = kernel * (one_hot(TOKENS) - one_hot(BACKGROUNDS).mean(axis=1))
    values, difference = maps_of(integrated_gradients, explained, TOKENS, BACKGROUNDS, steps=steps)
    assert_near(values, expected)
    assert_near(difference, expected.sum(axis=(1, 2)))


@pytest.mark.parametrize("steps", [1, 20])
def test_on_the_square_of_a_projection_it_is_exact(steps):
    model, w = square(8)
    x, references = one_hot(TOKENS), one_hot(BACKGROUNDS)
    both = (w * x).sum(axis=(1, 2))[:, None] + (w * references).sum(axis=(2, 3))
    expected = (w * (x[:, None] - references) * both[..., None, None]).mean(axis=1)
    explained = Explained(model, outputs_of("mean"), "mean")
    assert_near(maps_of(integrated_gradients, explained, TOKENS, BACKGROUNDS, steps=steps)[0], expected)


def test_hypothetical_maps_have_the_same_sum_at_each_base_of_the_sequence():
    explained, tokens = smooth_example(), random_tokens(3, 8)
    plain, total = maps_of(integrated_gradients, explained, tokens, BACKGROUNDS)
    hypothetical, same_total = maps_of(integrated_gradients, explained, tokens, BACKGROUNDS, hypothetical=True)
    assert_near((hypothetical * one_hot(tokens)).sum(axis=2), plain.sum(axis=2))
    np.testing.assert_array_equal(total, same_total)
    assert np.abs(hypothetical - plain).max() > 0.1 * np.abs(plain).max()


def test_hypothetical_maps_of_a_linear_model_are_those_of_the_sequence_with_that_base():
    outputs = scaled_outputs()
    model = linear(8, outputs)
    kernel = outputs.spread[0] * weights_of(model, "mean")[0][:, 0].reshape(8, 4)
    explained = Explained(model, outputs, "mean")
    values, _ = maps_of(integrated_gradients, explained, TOKENS, BACKGROUNDS, hypothetical=True)
    assert_near(values, kernel - (kernel * one_hot(BACKGROUNDS)).sum(axis=3, keepdims=True).mean(axis=1))
