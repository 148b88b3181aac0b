"""Activations that DeepSHAP keeps its sum rule on."""

from typing import Literal

import keras
from keras import KerasTensor, layers, ops

# The activations that a recipe may name.
Activation = Literal[
    "elu", "exponential", "gelu", "leaky_relu", "mish", "relu", "selu", "sigmoid", "silu", "softplus", "tanh"
]


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


def activate(x: KerasTensor, activation: Activation) -> KerasTensor:
    """Apply an activation by name."""
    return silu(x) if activation == "silu" else layers.Activation(activation)(x)
