"""CNN-dist against its publication."""

import keras
import pytest
from keras import layers

from degu.models import cnn_dist
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs

OUTPUTS = Outputs(Heads(("mean",), ("label",)))


@pytest.fixture(scope="module")
def model():
    return cnn_dist.build(200, OUTPUTS, first_activation="exponential")


def test_its_convolutions_and_pools_are_those_published(model):
    convolutions = [layer for layer in model.layers if isinstance(layer, layers.Conv1D)]
    shapes = [(layer.filters, layer.kernel_size, layer.padding) for layer in convolutions]
    assert shapes == [(24, (19,), "same"), (32, (7,), "same"), (48, (7,), "valid"), (64, (3,), "valid")]
    pools = [layer.pool_size for layer in model.layers if isinstance(layer, layers.MaxPooling1D)]
    assert pools == [(4,), (4,), (3,)]
    dense = [layer.units for layer in model.layers if isinstance(layer, layers.Dense)]
    assert dense == [96, 1]


def test_dropout_and_activations_are_those_published(model):
    rates = [layer.rate for layer in model.layers if isinstance(layer, layers.Dropout)]
    assert rates == [0.1, 0.2, 0.3, 0.4, 0.5]
    kinds = [layer.activation.__name__ for layer in model.layers if isinstance(layer, layers.Activation)]
    assert kinds == ["exponential", "relu", "relu", "relu", "relu"]
    assert model.layers[-1].activation is keras.activations.linear


def test_its_number_of_weights_follows_by_hand(model):
    # 200 bases, 50 after the first pool, 44, 11 after the second, 9, 3 after the third.
    convolutions = 19 * 4 * 24 + 7 * 24 * 32 + 7 * 32 * 48 + 3 * 48 * 64
    normalised = 4 * (24 + 32 + 48 + 64 + 96)
    assert model.count_params() == convolutions + normalised + 3 * 64 * 96 + 96 + 1


def test_squared_weights_are_penalised():
    model = cnn_dist.build(200, OUTPUTS, penalty=0.5)
    kernels = [layer.kernel for layer in model.layers if isinstance(layer, layers.Conv1D)]
    kernels += [next(layer.kernel for layer in model.layers if isinstance(layer, layers.Dense))]
    expected = sum(0.5 * keras.ops.sum(keras.ops.square(kernel)) for kernel in kernels)
    assert float(sum(model.losses)) == pytest.approx(float(expected), rel=1e-5)
