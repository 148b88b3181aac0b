"""A network for tests of training, traced in no time, with a layer of each kind that training treats apart.

TensorFlow traces each new model anew, and most of the time of these tests goes into that. `tests/conftest.py` makes
this module a plugin: recipes of tests name the model `tiny`.
"""

import keras
from keras import layers

from degu.models.layers.activations import activate
from degu.models.layers.batch_normalization import BatchNormalization
from degu.models.layers.blocks import output_layers, sequence_input
from degu.outputs.outputs import Outputs


def build(length: int, outputs: Outputs, *, filters: int = 4, kernel: int = 5, dropout: float = 0.0) -> keras.Model:
    """Return a convolution, batch normalisation, pooling and dropout before the outputs."""
    inputs = x = sequence_input(length)
    x = layers.Conv1D(filters, kernel, padding="same")(x)
    x = activate(BatchNormalization(momentum=0.9)(x), "relu")
    x = layers.Dropout(dropout)(layers.GlobalAveragePooling1D()(x))
    return keras.Model(inputs, output_layers(x, outputs), name="tiny")
