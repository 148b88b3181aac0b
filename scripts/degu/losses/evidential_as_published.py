"""The published "evidential" baseline: a normal likelihood that reads a positive standard deviation as a log variance.

The variance is then exp(softplus(.)) and cannot fall below 1. The loss contains no normal-inverse-gamma distribution.
It is here for comparison only.
"""

import math
from collections.abc import Mapping

from keras import KerasTensor, ops

HEADS = ("mean", "aleatoric")
TARGETS = ("measured",)
PARAMETERS = {"mean": "linear", "log_variance": "softplus"}


def heads(parameters: Mapping[str, KerasTensor]) -> dict[str, KerasTensor]:
    """Return the mean, and the standard deviation that the loss assumes."""
    return {"mean": parameters["mean"], "aleatoric": ops.exp(0.5 * parameters["log_variance"])}


def loss(true: Mapping[str, KerasTensor], parameters: Mapping[str, KerasTensor]) -> KerasTensor:
    """Return (log(2 pi) + v + (y - m)^2 exp(-v)) / 2, (B, T)."""
    log_variance = parameters["log_variance"]
    squared = ops.square(true["measured"] - parameters["mean"])
    return 0.5 * (math.log(2 * math.pi) + log_variance + squared * ops.exp(-log_variance))
