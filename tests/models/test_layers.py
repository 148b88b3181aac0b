"""Layers that the architectures share."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops
from scipy import special
from scipy.special import expit

from degu.heads import Heads
from degu.models import mprann
from degu.models.layers import BatchNormalization, activate, output_layers, sequence_input, silu, softmax, width_of
from degu.outputs import Outputs
from degu.prediction import Predictor, save_model
from degu.sequences import one_hot


@pytest.mark.parametrize(("units", "width", "expected"), [(256, 1, 256), (256, 0.5, 128), (60, 0.01, 1), (60, 2, 120)])
def test_a_width_factor_scales_the_units_down_to_one(units, width, expected):
    assert width_of(units, width) == expected


def test_silu_is_x_times_its_sigmoid():
    x = np.linspace(-8, 8, 33, dtype=np.float32)[None]
    inputs = keras.Input((33,))
    model = keras.Model(inputs, silu(inputs))
    np.testing.assert_allclose(ops.convert_to_numpy(model(x)), x * expit(x), rtol=1e-5, atol=1e-7)


def test_silu_is_a_product_of_layers_and_no_activation_of_its_own():
    inputs = keras.Input((3,))
    kinds = [type(layer).__name__ for layer in keras.Model(inputs, activate(inputs, "silu")).layers]
    assert sorted(kinds) == ["Activation", "InputLayer", "Multiply"]


@pytest.mark.parametrize("shape", [(50, 2), (50, 7), (20, 9, 250)])
@pytest.mark.parametrize("scale", [0.1, 3, 10])
def test_the_softmax_is_that_of_keras(shape, scale):
    x = scale * np.random.default_rng(1).normal(size=shape).astype(np.float32)
    found, expected = (ops.convert_to_numpy(function(x)) for function in (softmax, keras.activations.softmax))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)
    np.testing.assert_allclose(found, special.softmax(x.astype(np.float64), axis=-1), rtol=0, atol=1e-6)


def test_a_network_with_the_softmax_predicts_the_same_once_saved_and_loaded(tmp_path):
    outputs = Outputs(Heads(("mean", "epistemic"), ("Dev", "Hk")), link="softplus", center=(1, 2), spread=(3, 4))
    keras.utils.set_random_seed(1)
    model = mprann.build(30, outputs, width=0.05)
    tokens = np.random.default_rng(1).integers(0, 5, size=(40, 30), dtype=np.uint8)
    save_model(model, outputs, {}, tmp_path / "model.keras", tmp_path / "model.json")
    loaded = Predictor(tmp_path / "model.keras")
    softened = [layer for layer in loaded.model.layers if getattr(layer, "activation", None) is softmax]
    assert len(softened) == 3
    expected = outputs.predictions(ops.convert_to_numpy(model(one_hot(tokens), training=False)))
    np.testing.assert_allclose(loaded.predict_array(tokens), expected, rtol=1e-5)


@pytest.mark.parametrize(("name", "function"), [("relu", lambda x: np.maximum(x, 0)), ("sigmoid", expit)])
def test_other_activations_go_by_their_name(name, function):
    x = np.linspace(-3, 3, 7, dtype=np.float32)[None]
    inputs = keras.Input((7,))
    model = keras.Model(inputs, activate(inputs, name))
    np.testing.assert_allclose(ops.convert_to_numpy(model(x)), function(x), rtol=1e-5, atol=1e-7)


def test_the_input_is_one_hot_sequences():
    assert sequence_input(17).shape == (None, 17, 4)


def fill(layer: keras.layers.Dense, start: float) -> None:
    """Let a layer put out start, start + 1 and so on, whatever it is given."""
    layer.kernel.assign(ops.zeros_like(layer.kernel))
    layer.bias.assign(start + np.arange(layer.units))


@pytest.mark.parametrize("names", [("mean",), ("mean", "epistemic"), ("mean", "epistemic", "aleatoric")])
@pytest.mark.parametrize("targets", [("activity",), ("Dev", "Hk")])
def test_each_head_is_a_layer_of_its_name_and_fills_its_columns(names, targets):
    heads = Heads(names, targets)
    inputs = keras.Input((5,))
    model = keras.Model(inputs, output_layers(inputs, Outputs(heads)))
    for number, name in enumerate(names):
        fill(model.get_layer(name), 10.0 * number)
    outputs = ops.convert_to_numpy(model(np.ones((3, 5), dtype=np.float32)))
    expected = [10.0 * names.index(head) + targets.index(target) for head, target in heads.columns]
    np.testing.assert_array_equal(outputs, [expected] * 3)


def test_parameters_of_a_loss_are_layers_in_place_of_its_heads():
    outputs = Outputs(Heads(("mean", "aleatoric", "epistemic"), ("Dev", "Hk")), loss="evidential_of_members")
    inputs = keras.Input((5,))
    model = keras.Model(inputs, output_layers(inputs, outputs))
    assert model.output_shape == (None, 8)
    assert [layer.name for layer in model.layers if isinstance(layer, keras.layers.Dense)] == list(outputs.parameters)
    for number, name in enumerate(("mean", "evidence", "shape", "rate")):
        fill(model.get_layer(name), float(number))
    split = outputs.split(ops.convert_to_numpy(model(np.ones((3, 5), dtype=np.float32))))
    np.testing.assert_array_equal(split["mean"], [[0, 1]] * 3)
    for number, name in enumerate(("evidence", "shape", "rate"), start=1):
        np.testing.assert_allclose(split[name], np.logaddexp(0, [[number, number + 1]] * 3), rtol=1e-5)


def test_softplus_makes_the_uncertainty_heads_positive_and_leaves_the_mean():
    outputs = Outputs(Heads(("mean", "aleatoric", "epistemic"), ("activity",)), link="softplus")
    inputs = keras.Input((5,))
    model = keras.Model(inputs, output_layers(inputs, outputs))
    x = 20 * np.random.default_rng(1).normal(size=(200, 5)).astype(np.float32)
    values = ops.convert_to_numpy(model(x))
    # A softplus is 0 to rounding far below 0: the floor keeps what is predicted above it.
    assert (outputs.predictions(values)[:, 1:] > 0).all()
    assert (values[:, 0] < 0).any()
    raw = x @ ops.convert_to_numpy(model.get_layer("epistemic").kernel)
    np.testing.assert_allclose(values[:, 2:], np.logaddexp(0, raw), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("link", ["identity", "log_variance"])
def test_linear_uncertainty_heads_are_a_plain_product(link):
    inputs = keras.Input((5,))
    model = keras.Model(inputs, output_layers(inputs, Outputs(Heads(("mean", "epistemic"), ("activity",)), link=link)))
    x = np.random.default_rng(1).normal(size=(50, 5)).astype(np.float32)
    kernels = [ops.convert_to_numpy(model.get_layer(name).kernel) for name in ("mean", "epistemic")]
    np.testing.assert_allclose(ops.convert_to_numpy(model(x)), x @ np.hstack(kernels), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("shape", [(7, 9, 5), (16, 5), (1, 6, 5)])
@pytest.mark.parametrize("training", [True, False])
def test_batch_normalisation_is_that_of_keras(shape, training):
    """Outputs, gradients and moving statistics, of sequences and of features."""
    rng = np.random.default_rng(0)
    inputs = tf.constant(rng.normal(2, 3, shape).astype("f4"))
    found = []
    for kind in (BatchNormalization, keras.layers.BatchNormalization):
        layer = kind(momentum=0.9)
        layer.build(shape)
        layer.gamma.assign(np.linspace(0.5, 2, 5))
        layer.beta.assign(np.linspace(-1, 1, 5))
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs = layer(inputs, training=training)
            total = tf.reduce_sum(tf.sin(outputs))
        variables = [inputs, layer.gamma.value, layer.beta.value]
        found.append([outputs, *tape.gradient(total, variables), layer.moving_mean, layer.moving_variance])
    for ours, expected in zip(*found, strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-4, atol=1e-5)
    moved = not np.allclose(found[0][-1], 1)
    assert moved == training
