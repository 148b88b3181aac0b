"""Beta-NLL: the normal likelihood, each sample weighted by its variance to the power beta (Seitzer et al., ICLR 2022).

The weight carries no gradient. With beta 0 the loss is the likelihood itself; with beta 1 the gradient for the mean is
that of the squared error.
"""

from collections.abc import Mapping

from keras import KerasTensor, ops

from degu.losses import gaussian

HEADS = ("mean", "aleatoric")
TARGETS = ("measured",)
POSITIVE = True
RANGES = {"beta": {"at_least": 0, "at_most": 1}}


def loss(true: Mapping[str, KerasTensor], predicted: Mapping[str, KerasTensor], *, beta: float = 0.5) -> KerasTensor:
    """Return the weighted negative log-likelihood, (B, T)."""
    weight = ops.stop_gradient(ops.power(ops.square(predicted["aleatoric"]), beta))
    return weight * gaussian.loss(true, predicted)
