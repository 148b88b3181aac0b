"""DeepSHAP against the package `shap`, closed forms, and Shapley values over all orderings."""

import functools
from itertools import permutations
from math import factorial

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from degu.attribution.explained import Explained
from degu.attribution.methods import deep_shap
from degu.errors import DeguError
from degu.models import bpnet, deepstarr, motif_cnn, mprann, residual_profile, residualbind
from degu.models.layers.bias import add_bias
from degu.models.layers.blocks import sequence_input
from degu.outputs.heads import Heads, standard_deviations
from degu.outputs.outputs import Outputs
from tests.attribution.networks import (
    HEADS,
    assert_near,
    example_sequences,
    filled,
    function_of,
    head_by_hand,
    linear,
    maps_of,
    one_hot,
    outputs_of,
    parameters_by_hand,
    random_tokens,
    scaled_outputs,
    set_batch_statistics,
    smooth,
    weights_of,
)

OUTPUTS = outputs_of("mean", center=(1.5,), spread=(2.5,))
MODELS = {
    "deepstarr": lambda: deepstarr.build(249, OUTPUTS, width=0.05),
    "residualbind": lambda: residualbind.build(230, OUTPUTS, width=0.03),
    "mprann": lambda: mprann.build(171, OUTPUTS, width=0.05),
    "motif_cnn": lambda: motif_cnn.build(75, OUTPUTS, filters=8, kernel=11, pool=8, units=8),
}


# The package


@pytest.mark.filterwarnings("ignore:The structure of", "ignore:Your TensorFlow version is newer")
@pytest.mark.parametrize(
    "name", [*(pytest.param(name, marks=pytest.mark.system) for name in list(MODELS)[:-1]), list(MODELS)[-1]]
)
def test_maps_are_those_of_the_package_run_sequence_by_sequence(monkeypatch, name):
    import shap
    from shap.explainers._deep import deep_tf

    # The package does not know these, by which TensorFlow dilates a convolution; they move numbers and change none.
    for operation in ("SpaceToBatchND", "BatchToSpaceND"):
        monkeypatch.setitem(deep_tf.op_handlers, operation, deep_tf.passthrough)
    # Weights for which no difference that the rule divides by is so small that rounding shows: with others, mprann's
    # maps differ by up to 5e-4.
    keras.utils.set_random_seed(2)
    model = MODELS[name]()
    set_batch_statistics(model)
    tokens, backgrounds = example_sequences(model.input_shape[1])
    explained = Explained(model, OUTPUTS, "mean")
    deep_shap.check(explained, tf.constant(tokens), tf.constant(backgrounds[:, :3]))
    values, difference = maps_of(deep_shap, explained, tokens, backgrounds)
    sequences, references = one_hot(tokens).astype(np.float32), one_hot(backgrounds).astype(np.float32)
    for row in range(2):
        package = shap.DeepExplainer(model, references[row])
        expected = package.shap_values(sequences[row : row + 1], check_additivity=False)[0, ..., 0]
        assert_near(values[row], 2.5 * expected, 1e-4)
        change = model(sequences[row : row + 1]).numpy() - model(references[row]).numpy().mean()
        assert_near(difference[row], 2.5 * change[0, 0], 1e-3)
        assert_near(values[row].sum(), difference[row], 1e-3)


# Closed forms

every_head = pytest.mark.parametrize(("head", "options"), HEADS)


def shapley_values(explained: Explained, value: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return what each parameter contributes, (N, P), averaged over all orders in which they change, (N, P) each."""
    names = list(explained.outputs.parameters)
    count = value.shape[1]

    def head(parameters: np.ndarray) -> np.ndarray:
        # Those of the other target are of no account.
        both = {name: np.stack([parameters[:, index]] * 2, axis=1) for index, name in enumerate(names)}
        return head_by_hand(explained.outputs, both, explained.head, explained.target)

    result = np.zeros(value.shape)
    for order in permutations(range(count)):
        parameters = reference.copy()
        for index in order:
            before = head(parameters)
            parameters[:, index] = value[:, index]
            result[:, index] += (head(parameters) - before) / factorial(count)
    return result


def random_parameters(outputs: Outputs, number: int, seed: int) -> np.ndarray:
    """Return parameters, (N, P), that a model could put out, as single precision knows them."""
    rng = np.random.default_rng(seed)
    columns = [
        rng.normal(size=number) if activation == "linear" else rng.uniform(0.2, 2, size=number)
        for activation in outputs.parameters.values()
    ]
    return np.stack(columns, axis=1).astype(np.float32).astype(np.float64)


@every_head
def test_parameters_get_their_shapley_values_over_all_orderings(head, options):
    outputs = scaled_outputs(**options)
    explained = Explained(linear(5, outputs), outputs, head, 1)
    value, reference = random_parameters(outputs, 30, seed=1), random_parameters(outputs, 30, seed=2)
    multipliers = deep_shap.parameter_multipliers(
        explained, tf.constant(value, dtype=tf.float32), tf.constant(reference, dtype=tf.float32)
    ).numpy()
    assert_near(multipliers * (value - reference), shapley_values(explained, value, reference), 1e-4)


@every_head
def test_a_parameter_that_does_not_change_gets_the_slope_of_the_head(head, options):
    outputs = scaled_outputs(**options)
    explained = Explained(linear(5, outputs), outputs, head, 0)
    value, names = random_parameters(outputs, 30, seed=1), list(outputs.parameters)
    same = tf.constant(value, dtype=tf.float32)
    multipliers = deep_shap.parameter_multipliers(explained, same, same).numpy()
    expected = np.empty_like(value)
    for index in range(len(names)):
        sides = []
        for step in (1e-6, -1e-6):
            moved = {name: value[:, [column]] + step * (column == index) for column, name in enumerate(names)}
            sides.append(head_by_hand(outputs, moved, head))
        expected[:, index] = (sides[0] - sides[1]) / 2e-6
    assert_near(multipliers, expected, 1e-4)


@every_head
def test_on_a_linear_network_it_is_shapley_value_times_weight(head, options):
    outputs = scaled_outputs(**options)
    model = linear(8, outputs)
    explained = Explained(model, outputs, head, 1)
    tokens, backgrounds = random_tokens(3, 8, letters=5), random_tokens(3, 4, 8, seed=1, letters=5)
    x, references = np.repeat(one_hot(tokens), 4, axis=0), one_hot(backgrounds).reshape(-1, 8, 4)
    kernels, before, after = [], [], []
    at_value, at_reference = (parameters_by_hand(model, outputs, part) for part in (x, references))
    for name in outputs.parameters:
        kernels.append(weights_of(model, name)[0][:, 1].reshape(8, 4))
        before.append(at_reference[name][:, 1])
        after.append(at_value[name][:, 1])
    before, after = np.stack(before, axis=1), np.stack(after, axis=1)
    # What a parameter contributes is shared out by its change before the activation, to which each base adds.
    contributions = np.zeros((12, 8, 4))
    for index, kernel in enumerate(kernels):
        share = kernel * (x - references)
        contributions += (shapley_values(explained, after, before)[:, index] / share.sum(axis=(1, 2)))[
            :, None, None
        ] * share
    values, _ = maps_of(deep_shap, explained, tokens, backgrounds)
    assert_near(values, contributions.reshape(3, 4, 8, 4).mean(axis=1), 1e-4)


# The sum rule


@functools.cache
def normalized_model(**options: str) -> tuple[keras.Model, Outputs]:
    """Return a small network with batch normalisation, and its outputs."""
    keras.utils.set_random_seed(2)
    outputs = scaled_outputs(**options)
    model = motif_cnn.build(40, outputs, filters=6, kernel=7, pool=4, units=6, activation="silu")
    set_batch_statistics(model)
    return model, outputs


@every_head
@pytest.mark.parametrize("target", [0, 1])
def test_maps_of_every_head_sum_to_the_change_of_what_is_predicted(head, options, target):
    model, outputs = normalized_model(**options)
    tokens, backgrounds = random_tokens(4, 40, letters=5), random_tokens(4, 5, 40, seed=1, letters=5)
    values, difference = maps_of(deep_shap, Explained(model, outputs, head, target), tokens, backgrounds)

    def predicted(sequences: np.ndarray) -> np.ndarray:
        parameters = model(one_hot(sequences).astype(np.float32), training=False).numpy()
        heads = {name: outputs.heads.select(outputs.predictions(parameters), name) for name in outputs.heads.heads}
        return (heads | {"total": standard_deviations(heads)["total"]})[head][:, target]

    expected = predicted(tokens) - predicted(backgrounds.reshape(-1, 40)).reshape(4, 5).mean(axis=1)
    assert_near(difference, expected, 1e-4)
    assert_near(values.sum(axis=(1, 2)), expected, 1e-3)


def test_a_sequence_that_is_its_own_background_has_no_contributions():
    outputs = scaled_outputs(link="softplus")
    explained, tokens = Explained(smooth(8, outputs), outputs, "total"), random_tokens(3, 8)
    values, difference = maps_of(deep_shap, explained, tokens, np.repeat(tokens[:, None], 2, axis=1))
    np.testing.assert_array_equal(values, 0)
    np.testing.assert_allclose(difference, 0, atol=1e-6)


# Networks at base resolution

PROFILES = Outputs(
    Heads(
        ("mean", "aleatoric", "profile", "profile_epistemic"),
        ("a", "b"),
        {"profile": (2, 8), "profile_epistemic": (2, 4)},
    ),
    loss="profile_divergence",
    link="softplus",
    center=(1.0, 2.0),
    spread=(2.0, 0.5),
)


def with_bias() -> keras.Model:
    network, bias = (bpnet.build(34, PROFILES, filters=3, layers=2, kernel=5, profile_kernel=7) for _ in range(2))
    return add_bias(filled(network), PROFILES, filled(bias, seed=2), PROFILES, [0.5, -0.25])


AT_BASE_RESOLUTION = {
    "bpnet": lambda: filled(bpnet.build(34, PROFILES, filters=3, layers=2, kernel=5, profile_kernel=7)),
    "bpnet_with_bias": with_bias,
    "residual_profile": lambda: filled(residual_profile.build(64, PROFILES, width=0.02)),
}


@pytest.mark.parametrize("name", AT_BASE_RESOLUTION)
def test_maps_of_networks_at_base_resolution_sum_to_the_change_of_what_is_predicted(name):
    keras.utils.set_random_seed(3)
    model = AT_BASE_RESOLUTION[name]()
    set_batch_statistics(model)
    length = model.input_shape[1]
    tokens, backgrounds = random_tokens(2, length, letters=5), random_tokens(2, 3, length, seed=1, letters=5)

    def predicted(sequences: np.ndarray) -> dict[str, np.ndarray]:
        parameters = model(one_hot(sequences.reshape(-1, length)).astype(np.float32), training=False).numpy()
        values = PROFILES.predictions(parameters).astype(np.float64)
        return {head: PROFILES.heads.select(values, head)[:, 1] for head in PROFILES.heads.heads}

    at_value, at_reference = predicted(tokens), predicted(backgrounds)
    changes = {head: at_value[head] - at_reference[head].reshape(2, 3).mean(axis=1) for head in ("mean", "aleatoric")}
    # The logarithms of probabilities are logits of them.
    weights = at_value["profile"] - 1 / 16
    logs = [np.log(at["profile"]).reshape(2, -1, 2, 8) for at in (at_value, at_reference)]
    changes["profile"] = (weights[:, None] * (logs[0] - logs[1])).sum(axis=(2, 3)).mean(axis=1)
    for head, expected in changes.items():
        values, difference = maps_of(deep_shap, Explained(model, PROFILES, head, 1), tokens, backgrounds)
        assert_near(difference, expected, 1e-3)
        assert_near(values.sum(axis=(1, 2)), expected, 1e-3)
        assert np.abs(values).max() > 1e-5


def convolved(x: np.ndarray, kernel: np.ndarray, dilation: int = 1) -> np.ndarray:
    """Return an unpadded convolution of features (B, L, C), without its bias."""
    positions = x.shape[1] - (len(kernel) - 1) * dilation
    return sum(x[:, tap * dilation : tap * dilation + positions] @ own for tap, own in enumerate(kernel))


def slope(function, value: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return the slope of a function between two arrays, which differ everywhere but where both are rectified."""
    change = value - reference
    return np.where(change == 0, 0.0, (function(value) - function(reference)) / np.where(change == 0, 1.0, change))


def bpnet_multipliers(model: keras.Model, sequence: np.ndarray, background: np.ndarray) -> dict[str, np.ndarray]:
    """Return the multipliers of each head of the second target, (L, 4), by the rescale rule, in double precision.

    With each activation replaced by its slope between both, the network is linear, and every unit of the input is sent
    through it.
    """
    first, *dilated = [layer for layer in model.layers if layer.name.startswith("conv1d")]
    units = np.eye(sequence.size).reshape(-1, *sequence.shape)
    # The sequence and its background, and then all units.
    x, moved = np.stack([sequence, background]), units
    for layer in (first, *dilated):
        kernel, bias = (weights.astype(np.float64) for weights in layer.get_weights())
        dilation = layer.dilation_rate[0]
        before = convolved(x, kernel, dilation) + bias
        slopes_of = slope(lambda values: np.maximum(values, 0), *before)
        y, moved_y = np.maximum(before, 0), convolved(moved, kernel, dilation) * slopes_of
        if layer is first:
            x, moved = y, moved_y
        else:
            x, moved = (part + old[:, dilation:-dilation] for part, old in ((y, x), (moved_y, moved)))
    found = {}
    for head in ("mean", "aleatoric"):
        kernel, bias = weights_of(model, head)
        found[head] = moved.mean(axis=1) @ kernel[:, 1]
        if head == "aleatoric":
            found[head] = found[head] * slope(lambda z: np.logaddexp(0, z), *(x.mean(axis=1) @ kernel[:, 1] + bias[1]))
        found[head] = 0.5 * found[head]
    kernel, bias = weights_of(model, "profile_logits")
    crop = (x.shape[1] - 8 - len(kernel) + 1) // 2
    logits, moved_logits = (convolved(part[:, crop : part.shape[1] - crop], kernel)[..., 2:] for part in (x, moved))
    powers = np.exp(logits[0] + bias[2:])
    found["profile"] = (moved_logits * (powers / powers.sum() - 1 / 16)).sum(axis=(1, 2))
    return {head: values.reshape(sequence.shape) for head, values in found.items()}


def test_maps_of_bpnet_are_those_of_the_rescale_rule_by_hand():
    model, tokens, backgrounds = AT_BASE_RESOLUTION["bpnet"](), random_tokens(2, 34), random_tokens(2, 3, 34, seed=1)
    expected = {head: np.zeros((2, 34, 4)) for head in ("mean", "aleatoric", "profile")}
    for row, index in np.ndindex(2, 3):
        sequence, background = one_hot(tokens[row]), one_hot(backgrounds[row, index])
        for head, multipliers in bpnet_multipliers(model, sequence, background).items():
            expected[head][row] += multipliers * (sequence - background) / 3
    for head, own in expected.items():
        assert_near(maps_of(deep_shap, Explained(model, PROFILES, head, 1), tokens, backgrounds)[0], own, 1e-4)


# Batches


def test_maps_of_several_backgrounds_are_the_mean_of_those_of_each_and_of_each_sequence_its_own():
    outputs = scaled_outputs(link="softplus")
    explained = Explained(smooth(8, outputs), outputs, "total", 1)
    tokens, backgrounds = random_tokens(3, 8), random_tokens(3, 4, 8, seed=1)
    values, difference = maps_of(deep_shap, explained, tokens, backgrounds)
    single = [
        [maps_of(deep_shap, explained, tokens[[row]], backgrounds[[row], [index]][:, None]) for index in range(4)]
        for row in range(3)
    ]
    assert_near(values, np.array([np.mean([pair[0][0] for pair in row], axis=0) for row in single]))
    assert_near(difference, np.array([np.mean([pair[1][0] for pair in row]) for row in single]))
    of = function_of(explained)
    expected = of(one_hot(tokens)) - of(one_hot(backgrounds).reshape(-1, 8, 4)).reshape(3, 4).mean(axis=1)
    assert_near(difference, expected)


def test_hypothetical_maps_have_the_same_sum_at_each_base_of_the_sequence():
    outputs = scaled_outputs(link="softplus")
    explained = Explained(smooth(8, outputs), outputs, "total", 1)
    tokens, backgrounds = random_tokens(3, 8), random_tokens(3, 4, 8, seed=1, letters=5)
    plain, total = maps_of(deep_shap, explained, tokens, backgrounds)
    hypothetical, same_total = maps_of(deep_shap, explained, tokens, backgrounds, hypothetical=True)
    assert_near((hypothetical * one_hot(tokens)).sum(axis=2), plain.sum(axis=2))
    np.testing.assert_array_equal(total, same_total)
    assert np.abs(hypothetical - plain).max() > 0.1 * np.abs(plain).max()


# The check


def test_a_layer_that_is_not_known_is_named():
    inputs = sequence_input(8)
    x = layers.Flatten()(layers.LayerNormalization(name="odd")(layers.Conv1D(3, 3)(inputs)))
    model = filled(keras.Model(inputs, layers.Dense(1, name="mean")(x)))
    explained = Explained(model, outputs_of("mean"), "mean")
    with pytest.raises(DeguError, match=r"at layer 'odd' \(LayerNormalization\).*\n.*\n  remedy: .*expected_gradients"):
        deep_shap.check(explained, tf.constant(random_tokens(2, 8)), tf.constant(random_tokens(2, 3, 8, seed=1)))
