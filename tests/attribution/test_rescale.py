"""Layers whose gradients follow the rescale rule, each against its rule in NumPy and double precision."""

from collections.abc import Callable

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from degu.attribution.rescale import pairs, rescale_model
from degu.errors import DeguError
from degu.models import bpnet
from degu.models.layers.activations import softmax
from degu.models.layers.bias import add_bias
from degu.models.layers.kmer_ridge import KmerCounts
from tests.attribution.networks import assert_near, filled
from tests.models.profiles import logit_outputs

NUMBER, BACKGROUNDS = 3, 4


def network(shape: tuple[int, ...], build: Callable, inputs: int = 1) -> keras.Model:
    tensors = [keras.Input(shape) for _ in range(inputs)]
    return keras.Model(tensors if inputs > 1 else tensors[0], build(*tensors))


def drawn(*shape: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return values, (n, ...), and references, (n, B, ...), as single precision knows them."""
    rng = np.random.default_rng(seed)
    values, references = (
        2 * rng.standard_normal((NUMBER, *shape)),
        2 * rng.standard_normal((NUMBER, BACKGROUNDS, *shape)),
    )
    return values.astype(np.float32).astype(np.float64), references.astype(np.float32).astype(np.float64)


def batch_of(values: np.ndarray, references: np.ndarray) -> tf.Tensor:
    return tf.constant(np.concatenate([values, references.reshape(-1, *values.shape[1:])]), dtype=tf.float32)


def passed_back(model: keras.Model, arguments: list[tuple[np.ndarray, np.ndarray]], seed: int = 9):
    """Return what a model passes back to each argument, (n, B, ...), and what was passed to its output, (n, B, ...)."""
    batches = [batch_of(*pair) for pair in arguments]
    with tf.GradientTape() as tape:
        tape.watch(batches)
        result = rescale_model(model, BACKGROUNDS)(batches if len(batches) > 1 else batches[0])
    upstream = np.random.default_rng(seed).standard_normal((NUMBER, BACKGROUNDS, *result.shape[1:]))
    full = tf.concat(
        [tf.zeros_like(result[:NUMBER]), tf.reshape(tf.cast(upstream, tf.float32), result[NUMBER:].shape)], 0
    )
    gradients = [gradient.numpy() for gradient in tape.gradient(result, batches, full)]
    for gradient in gradients:
        np.testing.assert_array_equal(gradient[:NUMBER], 0)
    parts = [gradient[NUMBER:].reshape(NUMBER, BACKGROUNDS, *gradient.shape[1:]) for gradient in gradients]
    return parts, upstream.astype(np.float32).astype(np.float64)


# Pairs


def test_a_batch_is_split_into_sequences_and_their_own_backgrounds():
    values, references = drawn(5, 2)
    value, reference = pairs(batch_of(values, references), BACKGROUNDS)
    np.testing.assert_array_equal(value.numpy(), values[:, None])
    np.testing.assert_array_equal(reference.numpy(), references)


# Elementwise functions

ELEMENTWISE = {
    "relu": lambda x: np.maximum(x, 0),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": np.tanh,
    "softplus": lambda x: np.logaddexp(0, x),
    "silu": lambda x: x / (1 + np.exp(-x)),
}


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_an_activation_passes_back_the_slope_between_sequence_and_background(name):
    values, references = drawn(6, 3)
    function = ELEMENTWISE[name]
    slope = (function(values)[:, None] - function(references)) / (values[:, None] - references)
    (found,), upstream = passed_back(network((6, 3), layers.Activation(name)), [(values, references)])
    np.testing.assert_allclose(found, upstream * slope, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "derivative"),
    [
        ("relu", lambda x: (x > 0).astype(float)),
        ("sigmoid", lambda x: np.exp(-x) / (1 + np.exp(-x)) ** 2),
        ("tanh", lambda x: 1 / np.cosh(x) ** 2),
    ],
)
def test_an_activation_passes_back_its_derivative_where_nothing_changes(name, derivative):
    values, _ = drawn(6, 3)
    references = np.repeat(values[:, None], BACKGROUNDS, axis=1)
    (found,), upstream = passed_back(network((6, 3), layers.Activation(name)), [(values, references)])
    np.testing.assert_allclose(found, upstream * derivative(values)[:, None], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", [layers.Dense, lambda units, **options: layers.Conv1D(units, 1, **options)])
def test_the_activation_of_a_layer_follows_its_weights(kind):
    values, references = drawn(5, 3)
    model = filled(network((5, 3), kind(4, activation="tanh")))
    kernel, bias = (weights.astype(np.float64) for weights in model.get_weights())
    kernel = kernel.reshape(3, 4)
    before, reference_before = (part @ kernel + bias for part in (values[:, None], references))
    slope = (np.tanh(before) - np.tanh(reference_before)) / (before - reference_before)
    (found,), upstream = passed_back(model, [(values, references)])
    np.testing.assert_allclose(found, (upstream * slope) @ kernel.T, rtol=1e-3, atol=1e-4)


# Softmax


def softmax_by_hand(value: np.ndarray, reference: np.ndarray, upstream: np.ndarray) -> np.ndarray:
    """Return the multipliers of C numbers: through centring, exponentials, and Shapley values of each quotient."""
    value, reference = value - value.mean(), reference - reference.mean()
    power, reference_power = np.exp(value), np.exp(reference)
    total, reference_total = power.sum(), reference_power.sum()
    contributions = np.zeros(len(value))
    for channel, weight in enumerate(upstream):
        p, r = power[channel], reference_power[channel]
        # Each of the two parts joins first or second.
        numerator = ((p / reference_total - r / reference_total) + (p / total - r / total)) / 2
        denominator = ((r / total - r / reference_total) + (p / total - p / reference_total)) / 2
        contributions[channel] += weight * numerator
        contributions += weight * denominator * (power - reference_power) / (total - reference_total)
    multipliers = contributions / (value - reference)
    return multipliers - multipliers.mean()


@pytest.mark.parametrize("activation", [softmax, "softmax"])
def test_a_softmax_passes_back_what_its_parts_do(activation):
    values, references = drawn(2, 5)
    (found,), upstream = passed_back(network((2, 5), layers.Activation(activation)), [(values, references)])
    expected = np.empty_like(upstream)
    for row, index, position in np.ndindex(NUMBER, BACKGROUNDS, 2):
        pair = values[row, position], references[row, index, position]
        expected[row, index, position] = softmax_by_hand(*pair, upstream[row, index, position])
    assert_near(found, expected, 1e-4)
    powers, reference_powers = (np.exp(part) for part in (values[:, None], references))
    change = powers / powers.sum(-1, keepdims=True) - reference_powers / reference_powers.sum(-1, keepdims=True)
    contributions = (found * (values[:, None] - references)).sum(axis=(2, 3))
    assert_near(contributions, (upstream * change).sum(axis=(2, 3)), 1e-4)


# Products


def test_each_factor_gets_its_shapley_value():
    (first, first_reference), (second, second_reference) = drawn(5, 3), drawn(5, 3, seed=2)
    model = network((5, 3), lambda a, b: layers.Multiply()([a, b]), inputs=2)
    found, upstream = passed_back(model, [(first, first_reference), (second, second_reference)])
    a, b, c, d = first[:, None], first_reference, second[:, None], second_reference
    shares = ((a * d - b * d) + (a * c - b * c)) / 2, ((b * c - b * d) + (a * c - a * d)) / 2
    for multiplier, share, change in zip(found, shares, (a - b, c - d), strict=True):
        np.testing.assert_allclose(multiplier * change, upstream * share, rtol=1e-4, atol=1e-5)


# Maxima


def pooled_by_hand(value: np.ndarray, reference: np.ndarray, upstream: np.ndarray, size: int, start: int) -> np.ndarray:
    """Return the multipliers, (L,), of one channel whose first window starts at `start`, 0 or below."""
    contributions = np.zeros(len(value))
    for window, weight in enumerate(upstream):
        first = start + window * size
        places = np.arange(max(first, 0), min(first + size, len(value)))
        highest, reference_highest = value[places].max(), reference[places].max()
        either = max(highest, reference_highest)
        contributions[places[value[places].argmax()]] += weight * (either - reference_highest)
        contributions[places[reference[places].argmax()]] += weight * (highest - either)
    change = value - reference
    return np.divide(contributions, change, out=np.zeros(len(value)), where=np.abs(change) > 1e-7)


@pytest.mark.parametrize("whole_numbers", [False, True], ids=["without_ties", "with_ties"])
@pytest.mark.parametrize(
    ("length", "size", "padding", "start"),
    [
        (12, 3, "valid", 0),
        (12, 3, "same", 0),
        (13, 3, "valid", 0),
        (14, 3, "valid", 0),
        # One position of padding goes to the end, the second before the start.
        (14, 3, "same", 0),
        (13, 3, "same", -1),
        (13, 5, "same", -1),
        (11, 5, "same", -2),
        (7, 2, "same", 0),
        (3, 5, "same", -1),
    ],
)
def test_a_maximum_gives_the_difference_to_both_maxima(length, size, padding, start, whole_numbers):
    values, references = drawn(length, 2)
    if whole_numbers:
        values, references = np.round(values), np.round(references)
    model = network((length, 2), layers.MaxPooling1D(size, padding=padding))
    (found,), upstream = passed_back(model, [(values, references)])
    expected = np.empty_like(found)
    for row, index, channel in np.ndindex(NUMBER, BACKGROUNDS, 2):
        pair = values[row, :, channel], references[row, index, :, channel]
        expected[row, index, :, channel] = pooled_by_hand(*pair, upstream[row, index, :, channel], size, start)
    assert_near(found, expected, 1e-4)
    results = [model(part.astype(np.float32)).numpy() for part in (values, references.reshape(-1, length, 2))]
    change = results[0][:, None] - results[1].reshape(NUMBER, BACKGROUNDS, *results[1].shape[1:])
    contributions = (found * (values[:, None] - references)).sum(axis=(2, 3))
    np.testing.assert_allclose(contributions, (upstream * change).sum(axis=(2, 3)), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("strides", [1, 2, 4])
def test_windows_that_overlap_or_leave_gaps_are_refused(strides):
    model = network((12, 2), layers.MaxPooling1D(3, strides=strides, name="wide"))
    with pytest.raises(DeguError, match="the windows of layer 'wide' overlap"):
        rescale_model(model, BACKGROUNDS)


# Counts of k-mers


@pytest.mark.parametrize("k", [2, 3, 6])
def test_counts_of_kmers_pass_back_their_mean_gradient_on_the_line_from_the_background(k):
    model = network((14, 4), KmerCounts(k))
    # Whatever lies on the line, also between sequences that are no letters, is integrated.
    value, reference = drawn(14, 4)
    (found,), upstream = passed_back(model, [(value, reference)])
    steps = 400
    expected = np.zeros_like(reference)
    for step in (np.arange(steps) + 0.5) / steps:
        points = (reference + step * (value[:, None] - reference)).reshape(-1, 14, 4)
        expected += gradient_of_counts(points, upstream.reshape(-1, 4**k), k).reshape(reference.shape) / steps
    np.testing.assert_allclose(found, expected, rtol=0, atol=2e-4 * np.abs(expected).max())


def gradient_of_counts(points: np.ndarray, upstream: np.ndarray, k: int) -> np.ndarray:
    """Return the gradient of weighted counts, (R, L, 4), letter by letter: the product of the other k - 1 entries."""
    gradient = np.zeros_like(points)
    weights = upstream.reshape(-1, *(4,) * k)
    axes = "abcdef"[:k]
    for window in range(points.shape[1] - k + 1):
        for own in range(k):
            others = [offset for offset in range(k) if offset != own]
            terms = ",".join([f"r{axes}", *(f"r{axes[offset]}" for offset in others)])
            entries = [points[:, window + offset] for offset in others]
            gradient[:, window + own] += np.einsum(f"{terms}->r{axes[own]}", weights, *entries, optimize=True)
    return gradient


# Models within models


def test_a_bias_network_within_a_network_passes_back_the_difference_of_the_log_counts():
    """By the rule, the changes of a sequence's bases times what they get sum to the change of the prediction."""
    outputs, length = logit_outputs(6), 20
    model, bias = (bpnet.build(length, outputs, filters=3, layers=1, kernel=3, profile_kernel=3) for _ in range(2))
    combined = add_bias(filled(model), outputs, filled(bias, seed=2), outputs, [0.5])
    log_count = keras.Model(combined.input, combined.get_layer("mean_with_bias").output)
    rng = np.random.default_rng(4)
    bases = np.eye(4)[rng.integers(0, 4, (NUMBER, 1 + BACKGROUNDS, length))]
    values, references = bases[:, 0], bases[:, 1:]
    (found,), upstream = passed_back(log_count, [(values, references)])
    change = log_count(values).numpy()[:, None] - log_count(references.reshape(-1, length, 4)).numpy().reshape(
        NUMBER, BACKGROUNDS, 1
    )
    assert np.abs(change).min() > 1e-3
    summed = ((values[:, None] - references) * found).sum(axis=(2, 3))
    np.testing.assert_allclose(summed, (upstream * change)[..., 0], rtol=1e-4, atol=1e-5)
