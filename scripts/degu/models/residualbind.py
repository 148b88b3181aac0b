"""ResidualBind (Koo et al., PLOS Computational Biology 2021), in the form that DEGU trained on lentiMPRA."""

import keras
from keras import KerasTensor, layers

from degu.models.layers.activations import silu
from degu.models.layers.batch_normalization import BatchNormalization
from degu.models.layers.blocks import output_layers, sequence_input, width_of
from degu.outputs.outputs import Outputs

RANGES = {"width": {"above": 0}}


def build(length: int, outputs: Outputs, *, width: float = 1.0) -> keras.Model:
    """Return a convolution, a dilated residual block, a second convolution and two dense layers.

    Parameters
    ----------
    length
        Number of bases of a sequence, at least 25.
    outputs
        The parameters that the model puts out.
    width
        Factor on the number of units of every layer.
    """
    inputs = sequence_input(length)
    x = _convolution(inputs, width_of(196, width), 19, dropout=0.2)
    x = silu(layers.Add()([x, _dilated(x, width_of(196, width))]))
    x = layers.Dropout(0.2)(x)
    x = layers.MaxPooling1D(5)(x)
    x = _convolution(x, width_of(256, width), 7, dropout=0.2)
    x = layers.MaxPooling1D(5)(x)
    # As published, the first dense layer acts on each position before they are averaged.
    x = _dense(x, width_of(256, width))
    x = layers.GlobalAveragePooling1D()(x)
    x = _dense(x, width_of(256, width))
    return keras.Model(inputs, output_layers(x, outputs), name="residualbind")


def _convolution(x: KerasTensor, filters: int, size: int, dropout: float) -> KerasTensor:
    x = layers.Conv1D(filters, size, padding="same")(x)
    return layers.Dropout(dropout)(silu(BatchNormalization()(x)))


def _dense(x: KerasTensor, units: int) -> KerasTensor:
    return layers.Dropout(0.5)(silu(BatchNormalization()(layers.Dense(units)(x))))


def _dilated(x: KerasTensor, filters: int) -> KerasTensor:
    x = BatchNormalization()(layers.Conv1D(filters, 3, padding="same", use_bias=False)(x))
    for dilation in (1, 2, 4, 8, 16):
        x = layers.Dropout(0.1)(layers.Activation("relu")(x))
        x = layers.Conv1D(filters, 3, padding="same", dilation_rate=dilation, use_bias=False)(x)
        x = BatchNormalization()(x)
    return x
