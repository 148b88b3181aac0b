"""Layers that the architectures share."""

import keras
import numpy as np
import pytest
from keras import ops

from degu.models.layers.blocks import output_layers, sequence_input, width_of
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs


@pytest.mark.parametrize(("units", "width", "expected"), [(256, 1, 256), (256, 0.5, 128), (60, 0.01, 1), (60, 2, 120)])
def test_a_width_factor_scales_the_units_down_to_one(units, width, expected):
    assert width_of(units, width) == expected


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
    expected = [10.0 * names.index(head) + targets.index(target) for head in names for target in targets]
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
