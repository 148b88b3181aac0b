"""A small network for a few thousand sequences: motif detectors, coarse pooling, and their combinations."""

import keras
from keras import layers

from degu.models.layers.activations import Activation, activate
from degu.models.layers.batch_normalization import BatchNormalization
from degu.models.layers.blocks import output_layers, sequence_input
from degu.outputs.outputs import Outputs

# The option that holds the number of motif detectors, which a student's `detectors` multiplies.
DETECTORS = "filters"
RANGES = {
    "filters": {"at_least": 1},
    "kernel": {"at_least": 1},
    "pool": {"at_least": 1},
    "units": {"at_least": 1},
    # The dense layer has twice this rate.
    "dropout": {"at_least": 0, "below": 0.5},
}


def build(
    length: int,
    outputs: Outputs,
    *,
    filters: int = 32,
    kernel: int = 15,
    pool: int = 8,
    units: int = 64,
    dropout: float = 0.2,
    activation: Activation = "relu",
) -> keras.Model:
    """Return a motif layer, a layer of neighbouring motifs, an average over positions and a dense layer.

    Averaging over positions makes the network indifferent to where a site lies, and batch statistics that
    settle fast (momentum 0.9) suit the few steps of a small data set.

    Parameters
    ----------
    length
        Number of bases of a sequence, at least `pool`.
    outputs
        The parameters that the model puts out.
    filters, kernel
        Number and width of the motif detectors.
    pool
        Number of bases that are pooled after the motif layer.
    units
        Number of units of the second convolution, which is five pools wide, and of the dense layer.
    dropout
        Rate of dropout after each convolution; it is twice that after the dense layer.
    activation
        Activation of the motif layer.
    """
    inputs = x = sequence_input(length)
    x = layers.Conv1D(filters, kernel, padding="same")(x)
    # Normalising after pooling costs an eighth of normalising before it.
    x = layers.MaxPooling1D(pool)(x)
    x = activate(BatchNormalization(momentum=0.9)(x), activation)
    x = layers.Dropout(dropout)(x)
    x = layers.Conv1D(units, 5, padding="same")(x)
    x = activate(BatchNormalization(momentum=0.9)(x), "relu")
    x = layers.Dropout(dropout)(x)
    x = layers.GlobalAveragePooling1D()(x)
    x = activate(layers.Dense(units)(x), "relu")
    x = layers.Dropout(2 * dropout)(x)
    return keras.Model(inputs, output_layers(x, outputs), name="motif_cnn")
