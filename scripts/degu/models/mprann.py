"""MPRAnn (Agarwal et al., Nature 2025), as trained in DEGU."""

import keras
from keras import layers

from degu.models.layers.activations import softmax
from degu.models.layers.batch_normalization import BatchNormalization
from degu.models.layers.blocks import output_layers, sequence_input, width_of
from degu.outputs.outputs import Outputs

RANGES = {"width": {"above": 0}}


def build(length: int, outputs: Outputs, *, width: float = 1.0) -> keras.Model:
    """Return four unpadded convolutions, three with a softmax over channels, and two sigmoid dense layers.

    Parameters
    ----------
    length
        Number of bases of a sequence, at least 21.
    outputs
        The parameters that the model puts out.
    width
        Factor on the number of units of every layer.
    """
    inputs = x = sequence_input(length)
    x = layers.Conv1D(width_of(250, width), 7, activation="relu")(x)
    x = BatchNormalization()(x)
    x = layers.Conv1D(width_of(250, width), 8, activation=softmax)(x)
    x = BatchNormalization()(x)
    x = layers.MaxPooling1D(2)(x)
    x = layers.Dropout(0.1)(x)
    x = layers.Conv1D(width_of(250, width), 3, activation=softmax)(x)
    x = BatchNormalization()(x)
    x = layers.Conv1D(width_of(100, width), 2, activation=softmax)(x)
    x = BatchNormalization()(x)
    x = layers.Dropout(0.1)(x)
    x = layers.Flatten()(x)
    x = layers.Dense(width_of(300, width), activation="sigmoid")(x)
    x = layers.Dropout(0.3)(x)
    x = layers.Dense(width_of(200, width), activation="sigmoid")(x)
    return keras.Model(inputs, output_layers(x, outputs), name="mprann")
