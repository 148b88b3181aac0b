"""The residual network at base resolution of GOPHER (Toneyan, Tang and Koo, Nature Machine Intelligence 2022).

It is `residual_profile_all_base` of github.com/shtoneyan/gopher, which predicts from 2,048 bases the coverage at each
of them. A bottleneck of one vector a sequence lies between what reads the sequence and what writes the profile.

GOPHER's network puts out a softplus at each position. Here the loss says what a profile is (logits of a multinomial
distribution, or counts), and all other outputs, which GOPHER's has none of, come from the mean of the last features
over positions, as those of BPNet do.
"""

import keras
from keras import KerasTensor, layers

from degu.models.layers.activations import Activation, activate
from degu.models.layers.batch_normalization import BatchNormalization
from degu.models.layers.blocks import normalised, sequence_input, width_of
from degu.models.layers.profile_outputs import profile_length, profile_output_layers
from degu.outputs.outputs import Outputs

RANGES = {"width": {"above": 0}}
# Filters, number of bases that the convolution sees, convolutions of the residual block, and dropout, of each part.
_ENCODER = ((192, 19, 5, 0.1), (256, 7, 5, 0.1), (512, 7, 4, 0.2))
_CHANNELS = 8


def build(length: int, outputs: Outputs, *, width: float = 1.0, activation: Activation = "relu") -> keras.Model:
    """Return three residual parts, each of a quarter of the length, two dense layers, and a residual part at all bases.

    Parameters
    ----------
    length
        Number of bases of a sequence, at least 64, and at least that of positions of a profile.
    outputs
        The parameters that the model puts out, at least one of them with positions.
    width
        Factor on the number of units of every layer.
    activation
        Activation of the first layer, which GOPHER leaves open.
    """
    positions = profile_length(outputs)
    inputs = x = sequence_input(length)
    for number, (filters, size, depth, dropout) in enumerate(_ENCODER):
        convolution = layers.Conv1D(width_of(filters, width), size, padding="same")
        x = activate(BatchNormalization()(convolution(x)), "relu" if number else activation)
        x = layers.MaxPooling1D(4)(_residual(x, depth))
        x = layers.Dropout(dropout)(x)
    x = normalised(layers.Dense(width_of(512, width)), layers.Flatten()(x), "relu", 0.3)
    channels = width_of(_CHANNELS, width)
    x = normalised(layers.Dense(positions * channels), x, "relu", 0.1)
    x = layers.Reshape((positions, channels))(x)
    x = normalised(layers.Conv1D(width_of(256, width), 7, padding="same"), x, "relu", 0.1)
    # A convolution of one position is the dense layer that GOPHER has at each.
    return keras.Model(inputs, profile_output_layers(_residual(x, 5), outputs, kernel=1), name="residual_profile")


def _residual(x: KerasTensor, depth: int) -> KerasTensor:
    """Return the features plus those of convolutions with the dilations 1, 2, 4 and so on, rectified."""
    y = x
    for number in range(depth):
        if number:
            y = layers.Dropout(0.1)(layers.Activation("relu")(y))
        y = layers.Conv1D(x.shape[-1], 3, padding="same", dilation_rate=2**number)(y)
        y = BatchNormalization()(y)
    return layers.Activation("relu")(layers.Add()([x, y]))
