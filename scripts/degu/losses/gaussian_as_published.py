"""The published heteroscedastic ResidualBind: the normal likelihood with every error divided by every variance.

The published code divides squared errors of shape (B,) by variances of shape (B, 1), which broadcasts to (B, B). Each
variance is then compared with the mean squared error of the batch, so that a constant variance is best. The loss is
here for comparison only.
"""

import math
from collections.abc import Mapping

from keras import KerasTensor, ops

HEADS = ("mean", "aleatoric")
TARGETS = ("measured",)
POSITIVE = True


def loss(true: Mapping[str, KerasTensor], predicted: Mapping[str, KerasTensor]) -> KerasTensor:
    """Return log(2 pi s_i^2) / 2 plus the mean over samples j of (y_j - m_j)^2 / (2 s_i^2), (B, T)."""
    variance = ops.square(predicted["aleatoric"])
    squared = ops.square(true["measured"] - predicted["mean"])
    ratio = ops.expand_dims(squared, 0) / ops.expand_dims(variance, 1)
    return 0.5 * (math.log(2 * math.pi) + ops.log(variance) + ops.mean(ratio, axis=1))
