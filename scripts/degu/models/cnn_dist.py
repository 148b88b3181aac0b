"""CNN-dist of Koo and Ploenzke (2021): its first layer sees parts of motifs, which deeper layers put together."""

import keras
from keras import layers, regularizers

from degu.models.layers.activations import Activation
from degu.models.layers.blocks import normalised, output_layers, sequence_input
from degu.outputs.outputs import Outputs

RANGES = {"penalty": {"at_least": 0}}


def build(
    length: int, outputs: Outputs, *, first_activation: Activation = "relu", penalty: float = 1e-6
) -> keras.Model:
    """Return four convolutions, the last three pooled, and a dense layer.

    Parameters
    ----------
    length
        Number of bases of a sequence, at least 63.
    outputs
        The parameters that the model puts out.
    first_activation
        Activation of the first layer. With `exponential` its filters become motifs and maps become clearer, as
        published.
    penalty
        Factor of the squared weights in the loss.
    """
    options = {"use_bias": False, "kernel_initializer": "he_normal", "kernel_regularizer": regularizers.L2(penalty)}

    def convolution(filters: int, size: int, padding: str) -> layers.Layer:
        return layers.Conv1D(filters, size, padding=padding, **options)

    inputs = x = sequence_input(length)
    x = normalised(convolution(24, 19, "same"), x, first_activation, 0.1)
    x = normalised(convolution(32, 7, "same"), x, "relu", 0.2)
    x = layers.MaxPooling1D(4)(x)
    x = normalised(convolution(48, 7, "valid"), x, "relu", 0.3)
    x = layers.MaxPooling1D(4)(x)
    x = normalised(convolution(64, 3, "valid"), x, "relu", 0.4)
    x = layers.MaxPooling1D(3, padding="same")(x)
    x = layers.Flatten()(x)
    x = normalised(layers.Dense(96, **options), x, "relu", 0.5)
    return keras.Model(inputs, output_layers(x, outputs), name="cnn_dist")
