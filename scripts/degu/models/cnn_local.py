"""CNN-local of Koo and Ploenzke (2021): wide pooling makes its first layer learn whole motifs."""

import keras
from keras import layers, regularizers

from degu.models.layers.activations import Activation
from degu.models.layers.blocks import normalised, output_layers, sequence_input
from degu.outputs.outputs import Outputs

RANGES = {"penalty": {"at_least": 0}}


def build(
    length: int, outputs: Outputs, *, first_activation: Activation = "relu", penalty: float = 1e-6
) -> keras.Model:
    """Return two convolutions, the first with wide pooling, and a dense layer.

    Parameters
    ----------
    length
        Number of bases of a sequence, at least 100.
    outputs
        The parameters that the model puts out.
    first_activation
        Activation of the first layer. With `exponential` its filters become motifs and maps become clearer, as
        published.
    penalty
        Factor of the squared weights in the loss.
    """
    options = {"use_bias": False, "kernel_initializer": "he_normal", "kernel_regularizer": regularizers.L2(penalty)}

    def convolution(filters: int, size: int) -> layers.Layer:
        return layers.Conv1D(filters, size, padding="same", **options)

    inputs = x = sequence_input(length)
    x = normalised(convolution(24, 19), x, first_activation, 0.1)
    x = layers.MaxPooling1D(50)(x)
    x = normalised(convolution(48, 3), x, "relu", 0.2)
    x = layers.MaxPooling1D(2)(x)
    x = layers.Flatten()(x)
    x = normalised(layers.Dense(96, **options), x, "relu", 0.5)
    return keras.Model(inputs, output_layers(x, outputs), name="cnn_local")
