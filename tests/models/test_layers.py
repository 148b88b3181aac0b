"""Layers that the architectures share."""

import keras
import numpy as np
import pytest
from keras import ops
from scipy.special import expit

from degu.heads import Heads
from degu.models.layers import activate, output_heads, sequence_input, silu, width_of


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


@pytest.mark.parametrize(("name", "function"), [("relu", lambda x: np.maximum(x, 0)), ("sigmoid", expit)])
def test_other_activations_go_by_their_name(name, function):
    x = np.linspace(-3, 3, 7, dtype=np.float32)[None]
    inputs = keras.Input((7,))
    model = keras.Model(inputs, activate(inputs, name))
    np.testing.assert_allclose(ops.convert_to_numpy(model(x)), function(x), rtol=1e-5, atol=1e-7)


def test_the_input_is_one_hot_sequences():
    assert sequence_input(17).shape == (None, 17, 4)


@pytest.mark.parametrize("names", [("mean",), ("mean", "epistemic"), ("mean", "epistemic", "aleatoric")])
@pytest.mark.parametrize("targets", [("activity",), ("Dev", "Hk")])
def test_each_head_is_a_layer_of_its_name_and_fills_its_columns(names, targets):
    heads = Heads(names, targets)
    inputs = keras.Input((5,))
    model = keras.Model(inputs, output_heads(inputs, heads))
    for number, name in enumerate(names):
        layer = model.get_layer(name)
        layer.kernel.assign(ops.zeros_like(layer.kernel))
        layer.bias.assign([10.0 * number + target for target in range(len(targets))])
    outputs = ops.convert_to_numpy(model(np.ones((3, 5), dtype=np.float32)))
    expected = [10.0 * names.index(head) + targets.index(target) for head, target in heads.columns]
    np.testing.assert_array_equal(outputs, [expected] * 3)


def test_softplus_makes_the_uncertainty_heads_positive_and_leaves_the_mean():
    heads = Heads(("mean", "aleatoric", "epistemic"), ("activity",), activation="softplus")
    inputs = keras.Input((5,))
    features = output_heads(inputs, heads)
    model = keras.Model(inputs, features)
    x = 20 * np.random.default_rng(1).normal(size=(200, 5)).astype(np.float32)
    outputs = ops.convert_to_numpy(model(x))
    assert (outputs[:, 1:] > 0).all()
    assert (outputs[:, 0] < 0).any()
    raw = x @ ops.convert_to_numpy(model.get_layer("epistemic").kernel)
    np.testing.assert_allclose(outputs[:, 2:], np.logaddexp(0, raw), rtol=1e-4, atol=1e-6)


def test_linear_uncertainty_heads_are_a_plain_product():
    inputs = keras.Input((5,))
    model = keras.Model(inputs, output_heads(inputs, Heads(("mean", "epistemic"), ("activity",))))
    x = np.random.default_rng(1).normal(size=(50, 5)).astype(np.float32)
    kernels = [ops.convert_to_numpy(model.get_layer(name).kernel) for name in ("mean", "epistemic")]
    np.testing.assert_allclose(ops.convert_to_numpy(model(x)), x @ np.hstack(kernels), rtol=1e-4, atol=1e-5)
