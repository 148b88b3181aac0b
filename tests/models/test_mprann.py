"""MPRAnn against its publication."""

import inspect
import re

import pytest
from keras import layers

from degu.models import mprann
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs


def outputs_of(*names: str) -> Outputs:
    return Outputs(Heads(names, ("activity",)))


# The second is the published network with its dense layer of two more outputs.
@pytest.mark.parametrize(
    ("names", "parameters"), [(("mean",), 3_959_451), (("mean", "aleatoric", "epistemic"), 3_959_451 + 2 * 201)]
)
def test_it_has_the_published_number_of_parameters(names, parameters):
    model = mprann.build(230, outputs_of(*names))
    assert model.count_params() == parameters
    assert model.output_shape == (None, len(names))


def test_a_width_factor_scales_every_layer():
    model = mprann.build(40, outputs_of("mean"), width=0.1)
    convolutions = (7 * 4 + 1) * 25 + (8 * 25 + 1) * 25 + (3 * 25 + 1) * 25 + (2 * 25 + 1) * 10
    normalised = 4 * (25 + 25 + 25 + 10)
    positions = (40 - 6 - 7) // 2 - 2 - 1
    dense = (positions * 10 + 1) * 30 + (30 + 1) * 20 + (20 + 1)
    assert model.count_params() == convolutions + normalised + dense


def test_its_layers_are_those_published():
    model = mprann.build(230, outputs_of("mean"))
    weighty = [layer for layer in model.layers if isinstance(layer, layers.Conv1D)]
    shapes = [(layer.filters, layer.kernel_size[0], layer.activation.__name__, layer.padding) for layer in weighty]
    assert shapes == [
        (250, 7, "relu", "valid"),
        (250, 8, "softmax", "valid"),
        (250, 3, "softmax", "valid"),
        (100, 2, "softmax", "valid"),
    ]
    dense = [layer for layer in model.layers if isinstance(layer, layers.Dense)]
    shapes = [(layer.units, layer.activation.__name__) for layer in dense]
    assert shapes == [(300, "sigmoid"), (200, "sigmoid"), (1, "linear")]
    assert [layer.rate for layer in model.layers if isinstance(layer, layers.Dropout)] == [0.1, 0.1, 0.3]
    kinds = [type(layer).__name__ for layer in model.layers[1:]]
    block = ["Conv1D", "BatchNormalization"]
    pooled = ["MaxPooling1D", "Dropout"]
    assert kinds == [*block * 2, *pooled, *block * 2, "Dropout", "Flatten", "Dense", "Dropout", "Dense", "Dense"]


def test_it_can_be_built_for_the_shortest_length_that_it_promises():
    promised = int(re.search(r"at least (\d+)", inspect.getdoc(mprann.build))[1])
    mprann.build(promised, outputs_of("mean"), width=0.05)


def test_no_layer_holds_a_silu():
    text = mprann.build(40, outputs_of("mean"), width=0.05).to_json()
    assert "silu" not in text and "swish" not in text
