"""BPNet (Avsec et al., Nature Genetics 2021), as the accessibility network of ChromBPNet (Pampari et al., 2024).

The reference is github.com/kundajelab/chrombpnet at ece97c9. From 2,114 bases it predicts the profile of the central
1,000, which are all that its unpadded convolutions leave. ChromBPNet's network of the enzyme's bias has `filters: 128`
and `layers: 4`.
"""

import keras

from degu.config.receptive_fields import DILATED_KERNEL, dilations, seen_bases
from degu.models.layers.blocks import sequence_input
from degu.models.layers.profile_outputs import profile_output_layers
from degu.outputs.outputs import Outputs

RANGES = {
    "filters": {"at_least": 1},
    "layers": {"at_least": 0},
    "kernel": {"at_least": 1},
    "profile_kernel": {"at_least": 1},
}
# The option that a student's `detectors` multiplies. Here it is that of all convolutions.
DETECTORS = "filters"
# Planning compares the lengths of a data set with what its convolutions see (`degu.config.receptive_fields`).
UNPADDED = True


def build(
    length: int,
    outputs: Outputs,
    *,
    filters: int = 512,
    layers: int = 8,
    kernel: int = 21,
    profile_kernel: int = 75,
    batch_normalization: bool = False,
) -> keras.Model:
    """Return an unpadded convolution, dilated residual ones, and a convolution and a mean that the outputs come from.

    Parameters
    ----------
    length
        Number of bases of a sequence. With a profile of P positions it is at least P + 1,114, and differs from it by
        an even number.
    outputs
        The parameters that the model puts out.
    filters
        Number of filters of each convolution but those of the profiles.
    layers
        Number of dilated convolutions. Their dilations are 2, 4, 8 and so on.
    kernel
        Number of bases that the first convolution sees.
    profile_kernel
        Number of positions that the convolution of a profile sees.
    batch_normalization
        Whether the mean of the features, from which the counts are predicted, is normalised by the batch. Means over
        a thousand positions differ little between sequences, and normalised ones are learned from in fewer steps.
        BPNet and ChromBPNet have no such layer.
    """
    least = seen_bases(kernel, layers)
    if length < least:
        raise ValueError(f"its convolutions see {least} bases, and have no padding. Expected: {least} bases or more")
    inputs = sequence_input(length)
    x = keras.layers.Conv1D(filters, kernel, activation="relu")(inputs)
    for dilation in dilations(layers):
        y = keras.layers.Conv1D(filters, DILATED_KERNEL, dilation_rate=dilation, activation="relu")(x)
        x = keras.layers.Add()([y, keras.layers.Cropping1D(dilation)(x)])
    x = profile_output_layers(x, outputs, kernel=profile_kernel, normalize=batch_normalization)
    return keras.Model(inputs, x, name="bpnet")
