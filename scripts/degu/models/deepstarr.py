"""DeepSTARR (de Almeida et al., Nature Genetics 2022), as trained in DEGU."""

import keras
from keras import layers

from degu.models.layers.activations import Activation, activate
from degu.models.layers.batch_normalization import BatchNormalization
from degu.models.layers.blocks import output_layers, sequence_input, width_of
from degu.outputs.outputs import Outputs

RANGES = {"width": {"above": 0}, "dropout": {"at_least": 0, "below": 1}}


def build(
    length: int, outputs: Outputs, *, width: float = 1.0, activation: Activation = "relu", dropout: float = 0.4
) -> keras.Model:
    """Return four convolution blocks, each halving the length, and two dense layers.

    Parameters
    ----------
    length
        Number of bases of a sequence, at least 16.
    outputs
        The parameters that the model puts out.
    width
        Factor on the number of units of every layer.
    activation
        Activation of the convolution blocks.
    dropout
        Rate of dropout after each dense layer.
    """
    inputs = x = sequence_input(length)
    for filters, size in ((256, 7), (60, 3), (60, 5), (120, 3)):
        x = layers.Conv1D(width_of(filters, width), size, padding="same")(x)
        x = activate(BatchNormalization()(x), activation)
        x = layers.MaxPooling1D(2)(x)
    x = layers.Flatten()(x)
    for _ in range(2):
        x = layers.Dense(width_of(256, width))(x)
        x = activate(BatchNormalization()(x), "relu")
        x = layers.Dropout(dropout)(x)
    return keras.Model(inputs, output_layers(x, outputs), name="deepstarr")
