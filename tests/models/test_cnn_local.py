"""CNN-local against its publication."""

import keras
import pytest
from keras import layers

from degu.models import cnn_local
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs

OUTPUTS = Outputs(Heads(("mean",), ("label",)))


def test_its_layers_are_those_published():
    model = cnn_local.build(200, OUTPUTS)
    convolutions = [layer for layer in model.layers if isinstance(layer, layers.Conv1D)]
    shapes = [(layer.filters, layer.kernel_size, layer.padding) for layer in convolutions]
    assert shapes == [(24, (19,), "same"), (48, (3,), "same")]
    assert [layer.pool_size for layer in model.layers if isinstance(layer, layers.MaxPooling1D)] == [(50,), (2,)]
    assert [layer.rate for layer in model.layers if isinstance(layer, layers.Dropout)] == [0.1, 0.2, 0.5]
    # 200 bases, 4 after the first pool, 2 after the second.
    weights = 19 * 4 * 24 + 3 * 24 * 48 + 2 * 48 * 96 + 96 + 1
    assert model.count_params() == weights + 4 * (24 + 48 + 96)


@pytest.mark.parametrize("activation", ["relu", "exponential"])
def test_the_first_activation_is_chosen(activation):
    model = cnn_local.build(200, OUTPUTS, first_activation=activation)
    kinds = [layer.activation.__name__ for layer in model.layers if isinstance(layer, layers.Activation)]
    assert kinds == [activation, "relu", "relu"]


def test_squared_weights_are_penalised():
    model = cnn_local.build(200, OUTPUTS, penalty=0.5)
    kernels = [layer.kernel for layer in model.layers if isinstance(layer, layers.Conv1D)]
    kernels += [next(layer.kernel for layer in model.layers if isinstance(layer, layers.Dense))]
    expected = sum(0.5 * keras.ops.sum(keras.ops.square(kernel)) for kernel in kernels)
    assert float(sum(model.losses)) == pytest.approx(float(expected), rel=1e-5)
