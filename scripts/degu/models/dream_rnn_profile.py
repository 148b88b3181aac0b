"""DREAM-RNN (Rafi et al., Nature Biotechnology 2025) for profiles, as its authors trained it on ATAC-seq.

It took the place of ChromBPNet's accessibility network, in `benchmarks/atac-seq` of
github.com/de-Boer-Lab/random-promoter-dream-challenge-2022, and predicts from 2,114 bases the profile of the central
1,000. Up to its outputs it is `dream_rnn`, without the last convolution of that.
"""

import keras

from degu.models.dream_rnn import recurrent_trunk
from degu.models.layers.blocks import sequence_input
from degu.models.layers.profile_outputs import profile_output_layers
from degu.outputs.outputs import Outputs

RANGES = {"width": {"above": 0}, "dropout": {"at_least": 0, "at_most": 1}}
RECURRENT = True
_PROFILE_KERNEL = 75


def build(
    length: int, outputs: Outputs, *, batch_normalization: bool = False, width: float = 1.0, dropout: float = 1.0
) -> keras.Model:
    """Return the recurrent network, and a convolution and a mean over positions that the outputs come from.

    Parameters
    ----------
    length
        Number of bases of a sequence. With a profile of P positions it is at least P + 74, and differs from it by an
        even number.
    outputs
        The parameters that the model puts out.
    batch_normalization
        Whether each convolution but those of the profiles is followed by batch normalisation.
    width
        Factor on the number of units of every layer.
    dropout
        Factor on the published rates of dropout, which are too high for a network of a few units.
    """
    inputs = sequence_input(length)
    x = recurrent_trunk(inputs, batch_normalization=batch_normalization, width=width, dropout=dropout)
    return keras.Model(inputs, profile_output_layers(x, outputs, kernel=_PROFILE_KERNEL), name="dream_rnn_profile")
