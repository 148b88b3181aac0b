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
from degu.models import deepstarr, motif_cnn, mprann, residualbind
from degu.models.layers.blocks import sequence_input
from degu.outputs.heads import standard_deviations
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
