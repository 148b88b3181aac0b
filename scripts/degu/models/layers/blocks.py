"""Input, blocks and outputs that the architectures share."""

from collections.abc import Sequence
from math import prod

import keras
from keras import KerasTensor, layers

from degu.models.layers.activations import Activation, activate
from degu.models.layers.batch_normalization import BatchNormalization
from degu.outputs.outputs import Outputs

# The layer that puts the parameters of a model side by side.
OUTPUTS = "outputs"


def width_of(units: int, width: float) -> int:
    """Return a layer's number of units at a width factor, at least 1."""
    return max(1, round(units * width))


def output_layers(features: KerasTensor, outputs: Outputs) -> KerasTensor:
    """Return the outputs, (B, P), of features (B, F): a dense layer named for each parameter.

    They are in single precision even where the network is trained in mixed precision.
    """
    return joined([dense_output(features, outputs, name) for name in outputs.parameters])


def dense_output(
    features: KerasTensor, outputs: Outputs, name: str, *, initializer: str = "glorot_uniform"
) -> KerasTensor:
    """Return a parameter, flat, of features (B, F): a dense layer of its name, in single precision."""
    units, activation = prod(outputs.shape(name)), outputs.parameters[name]
    layer = layers.Dense(units, activation=activation, kernel_initializer=initializer, name=name, dtype="float32")
    return layer(features)


def joined(parts: Sequence[KerasTensor], name: str = OUTPUTS) -> KerasTensor:
    """Return the parameters of a model, each flat, side by side, by a layer of a name if there are several."""
    return parts[0] if len(parts) == 1 else layers.Concatenate(name=name, dtype="float32")(parts)


def parameter_tensors(model: keras.Model, outputs: Outputs) -> dict[str, KerasTensor]:
    """Return each parameter, flat, as a tensor of the graph of a model that ends as `joined` ends it."""
    several = len(outputs.parameters) > 1
    return dict(zip(outputs.parameters, model.layers[-1].input if several else [model.output], strict=True))


def sequence_input(length: int) -> KerasTensor:
    """Return the input of every model: one-hot sequences of shape (L, 4)."""
    return keras.Input((length, 4), name="sequence")


def normalised(layer: layers.Layer, x: KerasTensor, activation: Activation, dropout: float) -> KerasTensor:
    """Apply a layer, then batch normalisation, an activation by name and dropout."""
    x = activate(BatchNormalization()(layer(x)), activation)
    return layers.Dropout(dropout)(x)
