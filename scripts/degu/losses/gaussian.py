"""Heteroscedastic regression: negative log-likelihood of the measured activity under a normal distribution.

This is the loss of Nix and Weigend (1994), and the published baseline as it was meant.
"""

import math
from collections.abc import Mapping

from keras import KerasTensor, ops

HEADS = ("mean", "aleatoric")
TARGETS = ("measured",)
POSITIVE = True


def loss(true: Mapping[str, KerasTensor], predicted: Mapping[str, KerasTensor]) -> KerasTensor:
    """Return log(2 pi s^2) / 2 + (y - m)^2 / (2 s^2), (B, T)."""
    variance = ops.square(predicted["aleatoric"])
    squared = ops.square(true["measured"] - predicted["mean"])
    return 0.5 * (math.log(2 * math.pi) + ops.log(variance) + squared / variance)
