"""Input, blocks and outputs that the architectures share."""

from math import prod

import keras
from keras import KerasTensor, layers

from degu.models.layers.activations import Activation, activate
from degu.models.layers.batch_normalization import BatchNormalization
from degu.outputs.outputs import Outputs


def width_of(units: int, width: float) -> int:
    """Return a layer's number of units at a width factor, at least 1."""
    return max(1, round(units * width))


def output_layers(features: KerasTensor, outputs: Outputs) -> KerasTensor:
    """Return the outputs, (B, P), of features (B, F): a dense layer named for each parameter.

    They are in single precision even where the network is trained in mixed precision.
    """
    parts = [
        layers.Dense(prod(outputs.shape(name)), activation=activation, name=name, dtype="float32")(features)
        for name, activation in outputs.parameters.items()
    ]
    return parts[0] if len(parts) == 1 else layers.Concatenate(name="outputs", dtype="float32")(parts)


def sequence_input(length: int) -> KerasTensor:
    """Return the input of every model: one-hot sequences of shape (L, 4)."""
    return keras.Input((length, 4), name="sequence")


def normalised(layer: layers.Layer, x: KerasTensor, activation: Activation, dropout: float) -> KerasTensor:
    """Apply a layer, then batch normalisation, an activation by name and dropout."""
    x = activate(BatchNormalization()(layer(x)), activation)
    return layers.Dropout(dropout)(x)
