"""The floating-point operations that networks and their training take."""

from math import prod

import keras
from keras import layers

from degu.errors import DeguError
from degu.models.layers.kmer_ridge import KmerCounts
from degu.training.stages import PASSES_A_STEP


def forward_flops(model: keras.Model) -> int:
    """Return the floating-point operations of one sequence's way through a functional model.

    A multiplication and an addition are counted for each weight of a convolution, dense or LSTM layer at each position
    of its output, zero padding included, and for each word of a layer of k-mer counts at each window of its input.
    Biases, batch normalisation, activations and pooling, which add one or two per cent, are left out.

    Raises
    ------
    DeguError
        If another layer has a matrix of weights.
    """
    return sum(_flops(layer) for layer in model.layers)


def step_flops(model: keras.Model) -> int:
    """Return the floating-point operations of one sequence's part in a training step, counted as in `forward_flops`.

    Layers that training does not change are passed forward alone.

    Raises
    ------
    DeguError
        If another layer has a matrix of weights.
    """
    return sum((PASSES_A_STEP if layer.trainable_weights else 1) * _flops(layer) for layer in model.layers)


def _flops(layer: layers.Layer) -> int:
    if isinstance(layer, keras.Model):
        return forward_flops(layer)
    if isinstance(layer, layers.Conv1D | layers.Dense):
        return 2 * prod(layer.kernel.shape) * prod(layer.output.shape[1:-1])
    if isinstance(layer, layers.Bidirectional) and isinstance(layer.forward_layer, layers.LSTM):
        cells = (layer.forward_layer.cell, layer.backward_layer.cell)
        weights = sum(prod(weight.shape) for cell in cells for weight in (cell.kernel, cell.recurrent_kernel))
        return 2 * weights * layer.input.shape[1]
    if isinstance(layer, KmerCounts):
        return 2 * prod(layer.output.shape[1:]) * (layer.input.shape[1] - 2 * layer.margin - layer.k + 1)
    if any(len(weight.shape) > 1 for weight in layer.weights):
        raise DeguError(
            f"how often layer '{layer.name}' ({type(layer).__name__}) uses its weights is not known",
            expected="Conv1D, Dense and a bidirectional LSTM",
        )
    return 0
