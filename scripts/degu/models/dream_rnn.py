"""DREAM-RNN (Rafi et al., Nature Biotechnology 2025), of the Random Promoter DREAM Challenge of 2022.

The reference, github.com/de-Boer-Lab/random-promoter-dream-challenge-2022 at f7b2e19, has no batch normalisation. DEGU
trained the network with one after each convolution, under the same name. Both are here. Their input is the sequence
alone, without the reference's fifth channel, which tells whether a sequence is a reverse complement.
"""

import keras
from keras import KerasTensor, layers

from degu.models.layers.batch_normalization import BatchNormalization
from degu.models.layers.blocks import output_layers, sequence_input, width_of
from degu.outputs.outputs import Outputs

RANGES = {"width": {"above": 0}, "dropout": {"at_least": 0, "at_most": 1}}
RECURRENT = True
# Each block has one convolution of either size, side by side.
_KERNELS = (9, 15)
# DEGU trained the network with PyTorch, whose defaults these are. With Keras's momentum of 0.99 the moving statistics
# lag behind where an epoch has some twenty steps, and the validation loss jumps.
_NORMALISATION = {"momentum": 0.9, "epsilon": 1e-5}


def build(
    length: int, outputs: Outputs, *, batch_normalization: bool = False, width: float = 1.0, dropout: float = 1.0
) -> keras.Model:
    """Return two convolutions side by side, a bidirectional LSTM, two more convolutions and a mean over positions.

    Parameters
    ----------
    length
        Number of bases of a sequence, at least 1.
    outputs
        The parameters that the model puts out.
    batch_normalization
        Whether each convolution is followed by batch normalisation, as DEGU trained it.
    width
        Factor on the number of units of every layer.
    dropout
        Factor on the published rates of dropout, which are too high for a network of a few units.
    """
    inputs = sequence_input(length)
    x = recurrent_trunk(inputs, batch_normalization=batch_normalization, width=width, dropout=dropout)
    # As published, nothing stands between this convolution and the output layers.
    x = layers.Conv1D(width_of(256, width), 1, padding="same")(x)
    x = layers.GlobalAveragePooling1D()(x)
    return keras.Model(inputs, output_layers(x, outputs), name="dream_rnn")


def recurrent_trunk(x: KerasTensor, *, batch_normalization: bool, width: float, dropout: float) -> KerasTensor:
    """Return the features, (B, L, C), of sequences (B, L, 4): all of the network before its last convolution.

    Parameters
    ----------
    x
        The sequences.
    batch_normalization, width, dropout
        As `build` takes them.
    """
    filters = width_of(160, width)
    x = _block(x, filters, batch_normalization, 0.2 * dropout)
    x = layers.Bidirectional(layers.LSTM(width_of(320, width), return_sequences=True))(x)
    return layers.Dropout(0.5 * dropout)(_block(x, filters, batch_normalization, 0.2 * dropout))


def _block(x: KerasTensor, filters: int, batch_normalization: bool, dropout: float) -> KerasTensor:
    parts = []
    for size in _KERNELS:
        part = layers.Conv1D(filters, size, padding="same")(x)
        if batch_normalization:
            part = BatchNormalization(**_NORMALISATION)(part)
        parts.append(layers.Dropout(dropout)(layers.Activation("relu")(part)))
    return layers.Concatenate()(parts)
