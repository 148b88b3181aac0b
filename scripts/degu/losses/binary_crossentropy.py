"""Binary cross-entropy for labels of 0 and 1, where the mean head predicts the log odds of 1."""

from collections.abc import Mapping

from keras import KerasTensor, ops

HEADS = ("mean",)
TARGETS = ("measured",)


def loss(true: Mapping[str, KerasTensor], predicted: Mapping[str, KerasTensor]) -> KerasTensor:
    """Return log(1 + exp(z)) - y z for log odds z, (B, T)."""
    return ops.softplus(predicted["mean"]) - true["measured"] * predicted["mean"]
