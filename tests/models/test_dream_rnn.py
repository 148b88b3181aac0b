"""DREAM-RNN against its publications."""

import keras
import numpy as np
import pytest
from keras import layers

from degu.models import dream_rnn
from degu.models.layers.batch_normalization import BatchNormalization
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.training.building import plain_copy


def outputs_of(*names: str) -> Outputs:
    return Outputs(Heads(names, ("activity",)))


def layers_of(model, kind):
    return [layer for layer in model.layers if isinstance(layer, kind)]


def test_the_reference_has_the_published_number_of_parameters():
    parameters = dream_rnn.build(230, outputs_of("mean")).count_params()
    # Published with a fifth input channel, and by PyTorch, whose LSTM has a second bias of each gate and direction.
    fifth_channel = 160 * (9 + 15)
    second_bias = 2 * 4 * 320
    assert parameters + fifth_channel + second_bias == 4_203_393


def test_that_of_degu_has_the_published_number_of_parameters():
    model = dream_rnn.build(230, outputs_of("mean", "aleatoric"), batch_normalization=True)
    assert model.count_params() == 4_199_810


def parameters_by_hand(filters: int, units: int, last: int, outputs: int) -> int:
    first = sum(size * 4 * filters + filters for size in (9, 15))
    recurrent = 2 * 4 * (2 * filters * units + units * units + units)
    second = sum(size * 2 * units * filters + filters for size in (9, 15))
    return first + recurrent + second + 2 * filters * last + last + (last + 1) * outputs


@pytest.mark.parametrize(("width", "units"), [(1, (160, 320, 256)), (0.1, (16, 32, 26)), (0.05, (8, 16, 13))])
def test_a_width_factor_scales_every_layer(width, units):
    model = dream_rnn.build(60, outputs_of("mean"), width=width)
    assert model.count_params() == parameters_by_hand(*units, 1)


def test_layers_come_as_published():
    model = dream_rnn.build(230, outputs_of("mean"))
    convolutions = layers_of(model, layers.Conv1D)
    assert [(layer.filters, layer.kernel_size[0]) for layer in convolutions] == [*[(160, 9), (160, 15)] * 2, (256, 1)]
    assert {layer.padding for layer in convolutions} == {"same"}
    assert {layer.activation.__name__ for layer in convolutions} == {"linear"}
    assert [layer.rate for layer in layers_of(model, layers.Dropout)] == [0.2, 0.2, 0.2, 0.2, 0.5]
    assert not layers_of(model, BatchNormalization)
    (recurrent,) = layers_of(model, layers.Bidirectional)
    assert recurrent.output.shape == (None, 230, 640)


def test_a_factor_scales_the_rates_of_dropout():
    model = dream_rnn.build(60, outputs_of("mean"), width=0.05, dropout=0.5)
    assert [layer.rate for layer in layers_of(model, layers.Dropout)] == [0.1, 0.1, 0.1, 0.1, 0.25]


def test_batch_normalisation_follows_each_convolution_but_the_last():
    model = dream_rnn.build(60, outputs_of("mean"), batch_normalization=True, width=0.05)
    assert len(layers_of(model, BatchNormalization)) == 4
    for layer in layers_of(model, BatchNormalization):
        assert isinstance(layer.input._keras_history.operation, layers.Conv1D)
        # Those of PyTorch, whose momentum is one less Keras's.
        assert (layer.momentum, layer.epsilon) == (0.9, 1e-5)


def lstm_by_hand(x, kernel, recurrent, bias):
    """Return the states of an LSTM over positions, (L, H), of inputs (L, C), by its equations."""
    units = len(recurrent)
    state, cell, states = np.zeros(units), np.zeros(units), []
    for values in x:
        forget_input = values @ kernel + state @ recurrent + bias
        gates = [forget_input[part * units : (part + 1) * units] for part in range(4)]
        entering, forgetting, candidate, leaving = (
            np.tanh(gate) if part == 2 else 1 / (1 + np.exp(-gate)) for part, gate in enumerate(gates)
        )
        cell = forgetting * cell + entering * candidate
        state = leaving * np.tanh(cell)
        states.append(state)
    return np.array(states)


def test_the_recurrent_layer_reads_both_ways():
    keras.utils.set_random_seed(3)
    model = dream_rnn.build(12, outputs_of("mean"), width=0.02)
    (recurrent,) = layers_of(model, layers.Bidirectional)
    x = np.eye(4, dtype=np.float32)[np.random.default_rng(1).integers(0, 4, (1, 12))]
    probe = keras.Model(model.input, [recurrent.input, recurrent.output])
    before, after = (value.numpy()[0] for value in probe(x))
    weights = recurrent.get_weights()
    ways = lstm_by_hand(before, *weights[:3]), lstm_by_hand(before[::-1], *weights[3:])[::-1]
    np.testing.assert_allclose(after, np.concatenate(ways, axis=1), atol=1e-6)


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_what_is_kept_computes_in_single_precision(policy):
    keras.mixed_precision.set_dtype_policy(policy)
    try:
        model = dream_rnn.build(20, outputs_of("mean"), batch_normalization=True, width=0.02)
    finally:
        keras.mixed_precision.set_dtype_policy("float32")
    copy = plain_copy(model)
    (recurrent,) = layers_of(copy, layers.Bidirectional)
    assert {recurrent.forward_layer.compute_dtype, recurrent.backward_layer.compute_dtype} == {"float32"}
    x = np.eye(4, dtype=np.float32)[np.random.default_rng(1).integers(0, 4, (3, 20))]
    tolerance = 1e-5 if policy == "float32" else 0.02
    np.testing.assert_allclose(copy(x), model(x), atol=tolerance)
