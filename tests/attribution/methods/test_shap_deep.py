"""DeepSHAP by the package against the compiled one, closed forms and the sum rule."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from degu.attribution.explained import Explained
from degu.attribution.methods import deep_shap, shap_deep
from degu.data.kmer_ridge import KmerRidge
from degu.errors import DeguError
from degu.models import cnn_dist, cnn_local, deepstarr, motif_cnn, mprann, residualbind
from degu.models.layers.blocks import sequence_input
from degu.models.layers.kmer_ridge import add_kmer_ridge
from tests.attribution.networks import (
    HEADS,
    assert_near,
    example_sequences,
    filled,
    function_of,
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
SMALL = {"filters": 8, "kernel": 11, "pool": 8, "units": 8}
ACTIVATIONS = (
    "elu",
    "exponential",
    "gelu",
    "leaky_relu",
    "mish",
    "relu",
    "selu",
    "sigmoid",
    "silu",
    "softplus",
    "tanh",
)
MODELS = {
    "deepstarr": lambda: deepstarr.build(249, OUTPUTS, width=0.05),
    "residualbind": lambda: residualbind.build(230, OUTPUTS, width=0.03),
    "mprann": lambda: mprann.build(171, OUTPUTS, width=0.05),
    "cnn_dist": lambda: cnn_dist.build(200, OUTPUTS, first_activation="exponential"),
    "cnn_local": lambda: cnn_local.build(200, OUTPUTS),
    **{
        f"motif_cnn with {name}": lambda name=name: motif_cnn.build(75, OUTPUTS, **SMALL, activation=name)
        for name in ACTIVATIONS
    },
}
QUICK = ("motif_cnn with relu", "motif_cnn with gelu")
every_head = pytest.mark.parametrize(("head", "options"), HEADS)


# The compiled method


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.system) for name in MODELS]
)
def test_on_every_model_of_the_library_maps_are_those_of_the_compiled_method(name):
    # See the test of `deep_shap` for the seed.
    keras.utils.set_random_seed(2)
    model = MODELS[name]()
    set_batch_statistics(model)
    tokens, backgrounds = example_sequences(model.input_shape[1])
    explained = Explained(model, OUTPUTS, "mean")
    shap_deep.check(explained, tf.constant(tokens), tf.constant(backgrounds[:, :3]))
    values, difference = maps_of(shap_deep, explained, tokens, backgrounds)
    expected, same = maps_of(deep_shap, explained, tokens, backgrounds)
    assert_near(values, expected, 1e-4)
    assert_near(difference, same, 1e-4)


# Closed forms


def single_layer(head: str, options: dict) -> tuple[Explained, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return a head of a linear network, tokens, backgrounds, the inputs' shares of the sums, and these kernels."""
    outputs = scaled_outputs(**options)
    model = linear(8, outputs)
    tokens, backgrounds = random_tokens(3, 8, letters=5), random_tokens(3, 4, 8, seed=1, letters=5)
    kernels = np.stack([weights_of(model, name)[0][:, 1].reshape(8, 4) for name in outputs.parameters])
    changes = one_hot(tokens)[:, None] - one_hot(backgrounds)
    return Explained(model, outputs, head, 1), tokens, backgrounds, changes, kernels


def test_on_a_linear_model_it_is_weight_times_difference():
    explained, tokens, backgrounds, changes, kernels = single_layer("mean", {})
    values, difference = maps_of(shap_deep, explained, tokens, backgrounds)
    expected = explained.outputs.spread[1] * kernels[0] * changes.mean(axis=1)
    assert_near(values, expected)
    assert_near(difference, expected.sum(axis=(1, 2)))


@pytest.mark.parametrize("head", ["aleatoric", "total"])
def test_on_one_layer_each_function_of_one_number_has_its_slope_between_sequence_and_background(head):
    """The total is the root of a sum of squares, whose slopes are those of the chain from variance to weights."""
    explained, tokens, backgrounds, changes, kernels = single_layer(head, {"link": "softplus"})
    outputs, scale = explained.outputs, explained.outputs.spread[1]
    x, references = np.repeat(one_hot(tokens), 4, axis=0), one_hot(backgrounds).reshape(-1, 8, 4)
    at_x, at_reference = (parameters_by_hand(explained.model, outputs, part) for part in (x, references))
    chosen = ["aleatoric", "epistemic"] if head == "total" else [head]
    stds = {name: (at_x[name][:, 1] + outputs.floor, at_reference[name][:, 1] + outputs.floor) for name in chosen}
    step = 1.0
    if head == "total":
        variance, reference = (sum(std[part] ** 2 for std in stds.values()) for part in (0, 1))
        step = (np.sqrt(variance) - np.sqrt(reference)) / (variance - reference)
    expected = np.zeros((12, 8, 4))
    flat = changes.reshape(-1, 8, 4)
    for name, (std, reference) in stds.items():
        share = kernels[list(outputs.parameters).index(name)] * flat
        slope = (std - reference) / share.sum(axis=(1, 2))
        if head == "total":
            slope = slope * step * (std + reference)
        expected += scale * slope[:, None, None] * share
    values, _ = maps_of(shap_deep, explained, tokens, backgrounds)
    assert_near(values, expected.reshape(3, 4, 8, 4).mean(axis=1), 1e-4)


# The sum rule


@every_head
@pytest.mark.parametrize("target", [0, 1])
def test_maps_of_every_head_sum_to_the_change_of_the_prediction(head, options, target):
    outputs = scaled_outputs(**options)
    explained = Explained(smooth(8, outputs), outputs, head, target)
    tokens, backgrounds = random_tokens(4, 8, letters=5), random_tokens(4, 5, 8, seed=1, letters=5)
    values, difference = maps_of(shap_deep, explained, tokens, backgrounds)
    of = function_of(explained)
    expected = of(one_hot(tokens)) - of(one_hot(backgrounds).reshape(-1, 8, 4)).reshape(4, 5).mean(axis=1)
    assert_near(difference, expected, 1e-4)
    assert_near(values.sum(axis=(1, 2)), expected, 1e-3)


def test_a_sequence_that_is_its_own_background_has_no_contributions_and_passes_the_check():
    outputs = scaled_outputs(link="softplus")
    explained, tokens = Explained(smooth(8, outputs), outputs, "total"), random_tokens(3, 8)
    same = np.repeat(tokens[:, None], 2, axis=1)
    values, difference = maps_of(shap_deep, explained, tokens, same)
    np.testing.assert_array_equal(values, 0)
    np.testing.assert_allclose(difference, 0, atol=1e-6)
    shap_deep.check(explained, tf.constant(tokens), tf.constant(same))


# Layers


def with_layer(layer: layers.Layer) -> Explained:
    inputs = sequence_input(12)
    x = layer(layers.Conv1D(3, 3, name="motifs")(inputs))
    return Explained(
        filled(keras.Model(inputs, layers.Dense(1, name="mean")(layers.Flatten()(x)))), outputs_of("mean"), "mean"
    )


def tokens_of(number: int, compared: int) -> tuple[tf.Tensor, tf.Tensor]:
    return tf.constant(random_tokens(number, 12)), tf.constant(random_tokens(number, compared, 12, seed=1))


@pytest.mark.parametrize(
    "layer",
    [
        lambda: layers.ReLU(name="odd"),
        lambda: layers.LayerNormalization(name="odd"),
        lambda: layers.Softmax(name="odd"),
        lambda: layers.MaxPooling1D(3, strides=1, name="odd"),
    ],
)
def test_some_layers_are_explained_that_the_compiled_method_refuses(layer):
    explained, sequences = with_layer(layer()), tokens_of(2, 3)
    with pytest.raises(DeguError, match="'odd'"):
        deep_shap.check(explained, *sequences)
    shap_deep.check(explained, *sequences)


@pytest.mark.parametrize(
    ("layer", "problem"),
    [
        (lambda: layers.LSTM(3, name="odd"), r"odd' \(LSTM\): it has no rule for TensorFlow's operation \w+"),
        (lambda: layers.GlobalMaxPooling1D(name="odd"), r"odd' \(GlobalMaxPooling1D\): ValueError: Dimensions .*"),
        # The package spreads what the maximum contributes over all positions, each as if it were the only one.
        (
            lambda: layers.GlobalMaxPooling1D(keepdims=True, name="odd"),
            r"odd' \(GlobalMaxPooling1D\): its contributions miss the change of the output by [\d.]+",
        ),
    ],
)
def test_a_layer_that_the_package_cannot_explain_is_named(layer, problem):
    explained = with_layer(layer())
    message = rf"^here: the package shap cannot explain layer '{problem}\n  remedy: .*deep_shap.*integrated_gradients"
    with pytest.raises(DeguError, match=message):
        shap_deep.check(explained, *tokens_of(2, 3), where="here")


def test_a_ridge_regression_on_kmers_is_named_which_the_compiled_method_explains():
    ridge = KmerRidge(np.random.default_rng(1).normal(size=(136, 1)), np.zeros(1), k=4)
    model = add_kmer_ridge(motif_cnn.build(12, OUTPUTS, **{**SMALL, "kernel": 5}), OUTPUTS, ridge, 0.5)
    explained, sequences = Explained(model, OUTPUTS, "mean"), tokens_of(2, 3)
    deep_shap.check(explained, *sequences)
    message = r"'kmer_counts' \(KmerCounts\): it has no rule for TensorFlow's operation Einsum\n  remedy: .*deep_shap"
    with pytest.raises(DeguError, match=message):
        shap_deep.check(explained, *sequences)


def test_a_layer_is_named_when_maps_are_made_too():
    with pytest.raises(DeguError, match=r"^the package shap cannot explain layer 'odd' \(LSTM\)"):
        shap_deep.explainer(with_layer(layers.LSTM(3, name="odd")), 3)(*tokens_of(2, 3))
