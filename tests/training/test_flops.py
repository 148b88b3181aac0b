import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2
from tensorflow.python.framework.ops import get_stats_for_node_def

from degu.config.plugins import load
from degu.data.kmer_ridge import KmerRidge
from degu.data.kmers import canonical_index
from degu.errors import DeguError
from degu.models import bpnet, residual_profile
from degu.models.layers.bias import add_bias
from degu.models.layers.kmer_ridge import add_kmer_ridge
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from degu.training.flops import forward_flops, step_flops
from tests.models.profiles import logit_outputs, profile_outputs

OUTPUTS = Outputs(Heads(("mean", "aleatoric"), ("Dev", "Hk")))


def build(name: str, length: int) -> keras.Model:
    return load("model", name).build(length, OUTPUTS)


def counted_by_tensorflow(model: keras.Model) -> int:
    """Return TensorFlow's own count for the convolutions and matrix products of one sequence."""
    function = tf.function(lambda inputs: model(inputs, training=False))
    graph = convert_variables_to_constants_v2(
        function.get_concrete_function(tf.TensorSpec((1, *model.input_shape[1:])))
    ).graph
    products = [operation for operation in graph.get_operations() if operation.type in ("Conv2D", "MatMul")]
    return sum(int(get_stats_for_node_def(graph, operation.node_def, "flops").value) for operation in products)


COUNTS = (forward_flops, counted_by_tensorflow)


@pytest.mark.parametrize(
    ("name", "length"), [("deepstarr", 249), ("mprann", 230), ("motif_cnn", 200), ("cnn_dist", 200), ("cnn_local", 101)]
)
def test_every_operation_that_tensorflow_counts_is_counted(name, length):
    model = build(name, length)
    assert forward_flops(model) == counted_by_tensorflow(model)


def test_dilated_convolutions_are_counted_without_the_padding_that_tensorflow_adds():
    model = build("residualbind", 230)
    ours, theirs = forward_flops(model), counted_by_tensorflow(model)
    assert ours < theirs < 1.01 * ours


def test_unpadded_convolutions_are_counted_at_each_position_that_they_put_out():
    model = bpnet.build(2114, profile_outputs(1000, strands=2), filters=4)
    lengths = [2094 - sum(2 * 2**n for n in range(1, number + 1)) for number in range(1, 9)]
    assert lengths[-1] == 1074
    expected = 2094 * 21 * 4 * 4 + sum(lengths) * 3 * 4 * 4 + 1000 * 75 * 4 * 2 + 4
    assert forward_flops(model) == 2 * expected
    assert 2 * expected <= counted_by_tensorflow(model) < 1.01 * 2 * expected


def test_a_crop_before_a_convolution_spares_its_operations():
    outputs = profile_outputs(20, bins=5)
    model = bpnet.build(400, outputs, filters=4, layers=1)
    assert forward_flops(model) == 2 * (380 * 21 * 4 * 4 + 376 * 3 * 4 * 4 + 20 * (75 + 1) * 4 + 4)
    assert forward_flops(model) <= counted_by_tensorflow(model) < 1.01 * forward_flops(model)


def test_those_of_a_residual_network_are_counted():
    ours, theirs = (count(residual_profile.build(512, profile_outputs(100), width=0.1)) for count in COUNTS)
    assert ours <= theirs < 1.01 * ours


def test_a_frozen_network_within_another_is_passed_forward_alone():
    outputs = logit_outputs(20)
    network, bias = (bpnet.build(200, outputs, filters=filters, layers=2) for filters in (4, 3))
    both = add_bias(network, outputs, bias, outputs, [0.0])
    assert forward_flops(both) == forward_flops(network) + forward_flops(bias)
    assert step_flops(both) == 3 * forward_flops(network) + forward_flops(bias)


def test_those_of_an_lstm_are_the_published_ones():
    """PyTorch counts biases, too, and the reference has a fifth input channel."""
    fifth_channel = 2 * 230 * 160 * (9 + 15)
    model = load("model", "dream_rnn").build(230, Outputs(Heads(("mean",), ("activity",))))
    assert forward_flops(model) + fifth_channel == pytest.approx(2 * 966.7e6, rel=0.002)


@pytest.mark.parametrize(("margin", "windows"), [(0, 195), (50, 95)])
def test_counts_of_kmers_are_counted(margin, windows):
    network = build("motif_cnn", 200)
    ridge = KmerRidge(np.zeros((canonical_index(6).max() + 1, 2)), np.zeros(2), margin=margin)
    both = add_kmer_ridge(network, OUTPUTS, ridge, 0.5)
    # 4,096 words at each window, and a coefficient of each for each of the two targets.
    ridge_flops = 2 * 4096 * windows + 2 * 4096 * 2
    assert forward_flops(both) - forward_flops(network) == ridge_flops
    # Training changes the network alone.
    assert step_flops(both) == 3 * forward_flops(network) + ridge_flops


def test_counts_by_hand():
    inputs = keras.Input((20, 4))
    x = layers.Conv1D(6, 5, padding="valid", strides=2)(inputs)
    x = layers.Conv1D(8, 3, padding="same", dilation_rate=2, groups=2)(x)
    x = layers.Activation("relu")(layers.BatchNormalization()(x))
    x = layers.Dense(7)(x)
    x = layers.Dense(3)(layers.Flatten()(layers.MaxPooling1D(2)(x)))
    # 8 positions after the first convolution, half of the channels for each filter of the second, 4 after the pooling.
    expected = 8 * 5 * 4 * 6 + 8 * 3 * 3 * 8 + 8 * 8 * 7 + 4 * 7 * 3
    assert forward_flops(keras.Model(inputs, x)) == 2 * expected


def test_a_layer_that_is_not_known_is_refused():
    inputs = keras.Input((20, 4))
    model = keras.Model(inputs, layers.LSTM(3, name="recurrent")(inputs))
    with pytest.raises(DeguError, match=r"layer 'recurrent' \(LSTM\)"):
        forward_flops(model)
