"""Layers that the architectures share."""

import keras
from keras import KerasTensor, layers, ops

from degu.outputs import Outputs


def width_of(units: int, width: float) -> int:
    """Return a layer's number of units at a width factor, at least 1."""
    return max(1, round(units * width))


def silu(x: KerasTensor) -> KerasTensor:
    """Return x * sigmoid(x), as a product of layers: DeepSHAP keeps its sum rule on this and not on `silu`."""
    return layers.Multiply()([x, layers.Activation("sigmoid")(x)])


@keras.saving.register_keras_serializable("degu")
def softmax(x: KerasTensor) -> KerasTensor:
    """Return a softmax over channels, centred on their mean where Keras subtracts their maximum.

    The mean is linear, so that DeepSHAP keeps its sum rule; on the library's it does not (`shap` takes the maximum
    of sequence and background for the same).
    """
    powers = ops.exp(x - ops.mean(x, axis=-1, keepdims=True))
    return powers / ops.sum(powers, axis=-1, keepdims=True)


def activate(x: KerasTensor, activation: str) -> KerasTensor:
    """Apply an activation by name."""
    return silu(x) if activation == "silu" else layers.Activation(activation)(x)


def output_layers(features: KerasTensor, outputs: Outputs) -> KerasTensor:
    """Return the outputs, (B, P * T), of features (B, F): a dense layer named for each parameter.

    They are in single precision even where the network is trained in mixed precision.
    """
    targets = len(outputs.heads.targets)
    parts = [
        layers.Dense(targets, activation=activation, name=name, dtype="float32")(features)
        for name, activation in outputs.parameters.items()
    ]
    return parts[0] if len(parts) == 1 else layers.Concatenate(name="outputs", dtype="float32")(parts)


def sequence_input(length: int) -> KerasTensor:
    """Return the input of every model: one-hot sequences of shape (L, 4)."""
    return keras.Input((length, 4), name="sequence")


def normalised(layer: layers.Layer, x: KerasTensor, activation: str, dropout: float) -> KerasTensor:
    """Apply a layer, then batch normalisation, an activation by name and dropout."""
    x = activate(layers.BatchNormalization()(layer(x)), activation)
    return layers.Dropout(dropout)(x)
