"""The check of every layer, on the project's models and on layers that the rescale rule does not know."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from degu.attribution import contributions
from degu.attribution.rescale import rescale_model
from degu.attribution.summation import check_layers
from degu.data.kmer_ridge import KmerRidge
from degu.errors import DeguError
from degu.models import bpnet, deepstarr, motif_cnn, mprann, residual_profile, residualbind
from degu.models.layers.bias import add_bias
from degu.models.layers.blocks import sequence_input
from degu.models.layers.kmer_ridge import add_kmer_ridge
from degu.outputs.outputs import Outputs
from tests.attribution.networks import filled, outputs_of, random_tokens
from tests.models.profiles import logit_outputs

NUMBER, BACKGROUNDS = 3, 4


def outputs_with_targets():
    return outputs_of("mean", "aleatoric", targets=("Dev", "Hk"), link="softplus")


def profiles():
    return logit_outputs(8, strands=2, bins=4, link="softplus")


MODELS = {
    "deepstarr": lambda: deepstarr.build(30, outputs_with_targets(), width=0.03),
    "deepstarr_silu": lambda: deepstarr.build(30, outputs_with_targets(), width=0.03, activation="silu"),
    "residualbind": lambda: residualbind.build(33, outputs_with_targets(), width=0.02),
    "mprann": lambda: mprann.build(31, outputs_with_targets(), width=0.02),
    "bpnet": lambda: bpnet.build(34, profiles(), filters=3, layers=2, kernel=5, profile_kernel=7),
    "bpnet_with_bias": lambda: with_bias(MODELS["bpnet"]()),
    "residual_profile": lambda: residual_profile.build(64, profiles(), width=0.02),
    "motif_cnn": lambda: motif_cnn.build(29, outputs_with_targets(), filters=4, kernel=5, pool=4, units=4),
    "motif_cnn_with_kmer_ridge": lambda: with_kmer_ridge(MODELS["motif_cnn"](), outputs_with_targets()),
}


def with_kmer_ridge(model: keras.Model, outputs: Outputs) -> keras.Model:
    ridge = KmerRidge(np.zeros((2080, 2)), np.zeros(2), penalties=[1.0, 1.0])
    return add_kmer_ridge(model, outputs, ridge, 0.4)


def with_bias(model: keras.Model) -> keras.Model:
    bias = bpnet.build(30, logit_outputs(8, strands=2), filters=2, layers=1, kernel=5, profile_kernel=7)
    return add_bias(model, profiles(), bias, logit_outputs(8, strands=2), [0.5])


def sequences_for(model: keras.Model, seed: int = 3) -> tf.Tensor:
    """Return a batch of one-hot sequences with backgrounds."""
    rows = NUMBER * (1 + BACKGROUNDS)
    return contributions.one_hot(tf.constant(random_tokens(rows, model.input_shape[1], seed=seed, letters=5)))


@pytest.mark.parametrize("name", MODELS)
def test_every_model_predicts_the_same_and_keeps_each_layers_sum_rule(name):
    model = MODELS[name]()
    # Variances must be positive.
    filled(model).set_weights([np.abs(part) + 0.1 if part.ndim == 1 else part for part in model.get_weights()])
    before, inputs = model.get_weights(), sequences_for(model)
    rescaled = rescale_model(model, BACKGROUNDS)
    np.testing.assert_allclose(rescaled(inputs), model(inputs, training=False), rtol=1e-4, atol=1e-6)
    check_layers(rescaled, inputs, BACKGROUNDS)
    for part, again in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(part, again)


def on_convolution(layer: layers.Layer) -> keras.Model:
    inputs = sequence_input(12)
    x = layer(layers.Conv1D(3, 3, name="motifs")(inputs))
    x = layers.Flatten()(x) if len(x.shape) == 3 else x
    return filled(keras.Model(inputs, layers.Dense(1, name="mean")(x)))


@pytest.mark.parametrize(
    "build",
    [
        lambda: layers.LayerNormalization(name="odd"),
        lambda: layers.GlobalMaxPooling1D(name="odd"),
        lambda: layers.UnitNormalization(name="odd"),
        lambda: layers.Bidirectional(layers.LSTM(3), name="odd"),
        lambda: layers.Softmax(name="odd"),
        lambda: layers.LeakyReLU(name="odd"),
    ],
)
def test_a_layer_that_is_not_known_is_named(build):
    model = on_convolution(build())
    kind = type(model.get_layer("odd")).__name__
    with pytest.raises(DeguError, match=rf"do not sum up at layer 'odd' \({kind}\)"):
        check_layers(rescale_model(model, BACKGROUNDS), sequences_for(model), BACKGROUNDS)


@pytest.mark.parametrize(
    "layer",
    [
        layers.AveragePooling1D(3),
        layers.GlobalAveragePooling1D(),
        layers.SpatialDropout1D(0.5),
        layers.SeparableConv1D(3, 3, activation="relu"),
        layers.ZeroPadding1D(2),
        layers.Activation("gelu"),
    ],
)
def test_other_linear_layers_and_activations_are_served(layer):
    model = on_convolution(layer)
    check_layers(rescale_model(model, BACKGROUNDS), sequences_for(model), BACKGROUNDS)


def test_the_first_of_several_unknown_layers_is_named():
    inputs = sequence_input(12)
    x = layers.LayerNormalization(name="first")(layers.Conv1D(3, 3)(inputs))
    x = layers.GlobalMaxPooling1D(name="second")(x)
    model = filled(keras.Model(inputs, layers.Dense(1)(x)))
    with pytest.raises(DeguError, match="at layer 'first'"):
        check_layers(rescale_model(model, BACKGROUNDS), sequences_for(model), BACKGROUNDS)


def test_an_unknown_layer_of_a_model_within_it_is_named():
    inputs, outer = sequence_input(12), sequence_input(12)
    x = layers.LayerNormalization(name="odd")(layers.Conv1D(3, 3)(inputs))
    inner = keras.Model(inputs, layers.Flatten()(x), name="inner")
    model = filled(keras.Model(outer, layers.Dense(1)(inner(outer))))
    with pytest.raises(DeguError, match=r"at layer 'odd' \(LayerNormalization\)"):
        check_layers(rescale_model(model, BACKGROUNDS), sequences_for(model), BACKGROUNDS)


def test_a_layer_that_is_used_twice_keeps_its_sum_rule():
    inputs, shared = sequence_input(12), layers.Dense(4, activation="tanh")
    model = filled(keras.Model(inputs, layers.Dense(1)(layers.Flatten()(shared(shared(inputs))))))
    check_layers(rescale_model(model, BACKGROUNDS), sequences_for(model), BACKGROUNDS)


def test_a_product_of_three_is_refused():
    inputs = sequence_input(12)
    x = layers.Multiply(name="cube")([layers.Conv1D(3, 3)(inputs) for _ in range(3)])
    model = filled(keras.Model(inputs, layers.Dense(1)(layers.Flatten()(x))))
    with pytest.raises(DeguError, match="layer 'cube' multiplies 3 tensors"):
        check_layers(rescale_model(model, BACKGROUNDS), sequences_for(model), BACKGROUNDS)
