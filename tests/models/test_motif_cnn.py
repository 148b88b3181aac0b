"""The small network against its own description, computed in NumPy."""

import keras
import numpy as np
import pytest

from degu.data.sequences import one_hot
from degu.models import motif_cnn
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs

OUTPUTS = Outputs(Heads(("mean", "epistemic"), ("activity",)))


def convolve(x: np.ndarray, layer: keras.layers.Conv1D) -> np.ndarray:
    """Return the padded convolution of x, (L, C), position by position."""
    kernel, bias = layer.get_weights()
    size = len(kernel)
    padded = np.pad(x, (((size - 1) // 2, size // 2), (0, 0)))
    return np.array([np.einsum("kc,kcf->f", padded[i : i + size], kernel) + bias for i in range(len(x))])


def normalise(x: np.ndarray, layer: keras.layers.BatchNormalization) -> np.ndarray:
    gamma, beta, mean, variance = layer.get_weights()
    return gamma * (x - mean) / np.sqrt(variance + layer.epsilon) + beta


def by_hand(model: keras.Model, sequence: np.ndarray, pool: int) -> np.ndarray:
    """Return the outputs for one sequence, (L, 4)."""
    (motifs, combinations), norms, (dense, *_) = (
        [layer for layer in model.layers if isinstance(layer, kind)]
        for kind in (keras.layers.Conv1D, keras.layers.BatchNormalization, keras.layers.Dense)
    )
    x = convolve(sequence, motifs)
    x = np.array([x[start : start + pool].max(axis=0) for start in range(0, len(x) - pool + 1, pool)])
    x = np.maximum(normalise(x, norms[0]), 0)
    x = np.maximum(normalise(convolve(x, combinations), norms[1]), 0)
    kernel, bias = dense.get_weights()
    x = np.maximum(x.mean(axis=0) @ kernel + bias, 0)
    return np.concatenate(
        [x @ model.get_layer(name).kernel.numpy() + model.get_layer(name).bias.numpy() for name in OUTPUTS.parameters]
    )


@pytest.mark.parametrize(("length", "kernel", "pool"), [(24, 5, 4), (26, 6, 8)])
def test_its_outputs_are_those_computed_by_hand(length, kernel, pool):
    model = motif_cnn.build(length, OUTPUTS, filters=3, kernel=kernel, pool=pool, units=4)
    rng = np.random.default_rng(1)
    for variable in model.weights:
        variable.assign(rng.uniform(0.1, 1, size=variable.shape) * rng.choice([1, 1, -1]))
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.moving_variance.assign(rng.uniform(0.5, 2, size=layer.moving_variance.shape))
    sequences = one_hot(rng.integers(0, 5, size=(4, length), dtype=np.uint8))
    expected = [by_hand(model, sequence, pool) for sequence in sequences]
    outputs = keras.ops.convert_to_numpy(model(sequences))
    assert np.ptp(outputs[:, 0]) > 0
    np.testing.assert_allclose(outputs, expected, rtol=1e-4, atol=1e-5)


def test_its_number_of_parameters_follows_from_its_options():
    model = motif_cnn.build(100, OUTPUTS, filters=6, kernel=9, pool=5, units=7)
    weights = (9 * 4 + 1) * 6 + 4 * 6 + (5 * 6 + 1) * 7 + 4 * 7 + (7 + 1) * 7 + (7 + 1) * 2
    assert model.count_params() == weights


def test_dropout_acts_after_each_layer_and_twice_after_the_dense_one():
    model = motif_cnn.build(24, OUTPUTS, filters=2, kernel=3, pool=4, units=2, dropout=0.15)
    assert [layer.rate for layer in model.layers if isinstance(layer, keras.layers.Dropout)] == [0.15, 0.15, 0.3]


def test_its_activation_is_that_of_the_motifs():
    model = motif_cnn.build(24, OUTPUTS, filters=2, kernel=3, pool=4, units=2, activation="silu")
    kinds = [layer.activation.__name__ for layer in model.layers if isinstance(layer, keras.layers.Activation)]
    assert kinds == ["sigmoid", "relu", "relu"]
    assert "silu" not in model.to_json()


def test_shifting_a_sequence_by_whole_pools_amid_unknown_bases_changes_nothing():
    model = motif_cnn.build(80, OUTPUTS, filters=4, kernel=5, pool=4, units=4)
    site = np.random.default_rng(2).integers(0, 4, size=12)
    tokens = np.full((2, 80), 4, dtype=np.uint8)
    tokens[0, 24:36] = tokens[1, 40:52] = site
    first, second = keras.ops.convert_to_numpy(model(one_hot(tokens)))
    np.testing.assert_allclose(first, second, rtol=1e-5, atol=1e-7)
