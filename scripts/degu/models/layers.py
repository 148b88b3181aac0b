"""Layers that the architectures share."""

import keras
from keras import KerasTensor, layers

from degu.heads import Heads


def width_of(units: int, width: float) -> int:
    """Return a layer's number of units at a width factor, at least 1."""
    return max(1, round(units * width))


def silu(x: KerasTensor) -> KerasTensor:
    """Return x * sigmoid(x), as a product of layers: DeepSHAP keeps its sum rule on this and not on `silu`."""
    return layers.Multiply()([x, layers.Activation("sigmoid")(x)])


def activate(x: KerasTensor, activation: str) -> KerasTensor:
    """Apply an activation by name."""
    return silu(x) if activation == "silu" else layers.Activation(activation)(x)


def output_heads(features: KerasTensor, heads: Heads) -> KerasTensor:
    """Return the outputs, (B, H * T), of features (B, F): a dense layer named for each head."""
    outputs = [
        layers.Dense(len(heads.targets), activation="linear" if head == "mean" else heads.activation, name=head)(
            features
        )
        for head in heads.heads
    ]
    return outputs[0] if len(outputs) == 1 else layers.Concatenate(name="heads")(outputs)


def sequence_input(length: int) -> KerasTensor:
    """Return the input of every model: one-hot sequences of shape (L, 4)."""
    return keras.Input((length, 4), name="sequence")
