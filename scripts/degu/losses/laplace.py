"""Heteroscedastic regression under a Laplace distribution with scale b = s / sqrt(2) for a standard deviation s."""

import math
from collections.abc import Mapping

from keras import KerasTensor, ops

HEADS = ("mean", "aleatoric")
TARGETS = ("measured",)
POSITIVE = True
FAMILY = "laplace"


def loss(true: Mapping[str, KerasTensor], predicted: Mapping[str, KerasTensor]) -> KerasTensor:
    """Return log(2 b) + |y - m| / b, (B, T)."""
    scale = predicted["aleatoric"] / math.sqrt(2)
    return ops.log(2 * scale) + ops.abs(true["measured"] - predicted["mean"]) / scale
