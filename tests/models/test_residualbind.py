"""ResidualBind against its publication."""

import pytest
from keras import layers

from degu.models import residualbind
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs


def outputs_of(*names: str) -> Outputs:
    return Outputs(Heads(names, ("activity",)))


@pytest.mark.parametrize(
    ("names", "parameters"), [(("mean",), 1_198_469), (("mean", "aleatoric", "epistemic"), 1_198_983)]
)
def test_it_has_the_published_number_of_parameters(names, parameters):
    model = residualbind.build(230, outputs_of(*names))
    assert model.count_params() == parameters
    assert model.output_shape == (None, len(names))


def parameters_by_hand(a: int, b: int, outputs: int) -> int:
    """Return the number of weights with `a` filters in the residual block and `b` units after it."""
    first = 19 * 4 * a + a + 4 * a
    block = 6 * (3 * a * a + 4 * a)
    second = 7 * a * b + b + 4 * b
    dense = 2 * (b * b + b + 4 * b)
    return first + block + second + dense + (b + 1) * outputs


def test_the_count_by_hand_is_the_published_one():
    assert parameters_by_hand(196, 256, 1) == 1_198_469


@pytest.mark.parametrize(("width", "a", "b"), [(0.5, 98, 128), (0.1, 20, 26)])
def test_a_width_factor_scales_every_layer(width, a, b):
    assert residualbind.build(60, outputs_of("mean"), width=width).count_params() == parameters_by_hand(a, b, 1)


def test_the_number_of_parameters_does_not_depend_on_the_length():
    outputs = outputs_of("mean")
    assert len({residualbind.build(length, outputs, width=0.05).count_params() for length in (25, 90)}) == 1


def test_its_convolutions_are_those_published():
    model = residualbind.build(230, outputs_of("mean"))
    convolutions = [layer for layer in model.layers if isinstance(layer, layers.Conv1D)]
    shapes = [(layer.filters, layer.kernel_size[0], layer.dilation_rate[0], layer.use_bias) for layer in convolutions]
    dilated = [(196, 3, dilation, False) for dilation in (1, 1, 2, 4, 8, 16)]
    assert shapes == [(196, 19, 1, True), *dilated, (256, 7, 1, True)]
    assert {layer.padding for layer in convolutions} == {"same"}


def test_its_pools_and_dense_layers_are_those_published():
    model = residualbind.build(230, outputs_of("mean"))
    pools = [layer.output.shape[1] for layer in model.layers if isinstance(layer, layers.MaxPooling1D)]
    assert pools == [46, 9]
    dense = [layer for layer in model.layers if isinstance(layer, layers.Dense)]
    # The first acts on each of the nine positions.
    assert [layer.output.shape for layer in dense] == [(None, 9, 256), (None, 256), (None, 1)]


def test_dropout_and_activations_come_where_published():
    model = residualbind.build(230, outputs_of("mean"))
    rates = [layer.rate for layer in model.layers if isinstance(layer, layers.Dropout)]
    assert rates == [0.2, *[0.1] * 5, 0.2, 0.2, 0.5, 0.5]
    kinds = [layer.activation.__name__ for layer in model.layers if isinstance(layer, layers.Activation)]
    assert kinds == ["sigmoid", *["relu"] * 5, *["sigmoid"] * 4]
    assert sum(isinstance(layer, layers.Multiply) for layer in model.layers) == 5


def test_the_residual_block_is_added_to_its_input():
    model = residualbind.build(60, outputs_of("mean"), width=0.05)
    (added,) = [layer for layer in model.layers if isinstance(layer, layers.Add)]
    sources = {type(tensor._keras_history.operation).__name__ for tensor in added.input}
    assert sources == {"Dropout", "BatchNormalization"}


def test_no_layer_holds_a_silu():
    text = residualbind.build(40, outputs_of("mean"), width=0.05).to_json()
    assert "silu" not in text and "swish" not in text
