"""DeepSTARR against its publication."""

import keras
import pytest
from keras import layers

from degu.models import deepstarr
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs


def outputs_of(*names: str) -> Outputs:
    return Outputs(Heads(names, ("Dev", "Hk")))


def trainable_by_hand(length: int, outputs: int, filters: tuple[int, ...], units: int) -> tuple[int, int]:
    """Return the number of weights and, of these, of the batch-norm statistics."""
    count, channels = 0, 4
    for size, width in zip((7, 3, 5, 3), filters, strict=True):
        count += size * channels * width + width
        channels, length = width, length // 2
    dense = (length * channels + 1) * units + (units + 1) * units + (units + 1) * outputs
    normalised = sum(filters) + 2 * units
    return count + dense + 4 * normalised, 2 * normalised


@pytest.mark.parametrize(("names", "parameters"), [(("mean",), 624_738), (("mean", "epistemic"), 625_252)])
def test_it_has_the_published_number_of_parameters(names, parameters):
    model = deepstarr.build(249, outputs_of(*names))
    assert model.count_params() == parameters
    assert model.output_shape == (None, 2 * len(names))


def test_as_many_of_them_are_trained_as_published():
    model = deepstarr.build(249, outputs_of("mean"))
    assert sum(keras.ops.size(weight) for weight in model.trainable_weights) == 622_722


@pytest.mark.parametrize(
    ("width", "filters", "units"),
    [(0.5, (128, 30, 30, 60), 128), (0.1, (26, 6, 6, 12), 26), (2, (512, 120, 120, 240), 512)],
)
def test_a_width_factor_scales_every_layer(width, filters, units):
    model = deepstarr.build(100, outputs_of("mean"), width=width)
    total, statistics = trainable_by_hand(100, 2, filters, units)
    assert model.count_params() == total
    assert sum(keras.ops.size(weight) for weight in model.non_trainable_weights if weight.ndim == 1) == statistics


def test_its_layers_are_those_published():
    model = deepstarr.build(249, outputs_of("mean"))
    kinds = [type(layer).__name__ for layer in model.layers[1:]]
    convolution = ["Conv1D", "BatchNormalization", "Activation", "MaxPooling1D"]
    dense = ["Dense", "BatchNormalization", "Activation", "Dropout"]
    assert kinds == [*convolution * 4, "Flatten", *dense * 2, "Dense"]
    convolutions = [layer for layer in model.layers if isinstance(layer, layers.Conv1D)]
    shapes = [(layer.filters, layer.kernel_size, layer.padding) for layer in convolutions]
    assert shapes == [(256, (7,), "same"), (60, (3,), "same"), (60, (5,), "same"), (120, (3,), "same")]
    assert {layer.activation.__name__ for layer in model.layers if isinstance(layer, layers.Activation)} == {"relu"}
    assert [layer.rate for layer in model.layers if isinstance(layer, layers.Dropout)] == [0.4, 0.4]


def test_an_activation_is_that_of_the_convolutions_alone():
    model = deepstarr.build(32, outputs_of("mean"), width=0.05, activation="silu", dropout=0.1)
    kinds = [layer.activation.__name__ for layer in model.layers if isinstance(layer, layers.Activation)]
    assert kinds == ["sigmoid"] * 4 + ["relu"] * 2
    assert sum(isinstance(layer, layers.Multiply) for layer in model.layers) == 4
    assert [layer.rate for layer in model.layers if isinstance(layer, layers.Dropout)] == [0.1, 0.1]


@pytest.mark.parametrize("activation", ["relu", "silu"])
def test_no_layer_holds_a_silu(activation):
    text = deepstarr.build(32, outputs_of("mean"), width=0.05, activation=activation).to_json()
    assert "silu" not in text and "swish" not in text
