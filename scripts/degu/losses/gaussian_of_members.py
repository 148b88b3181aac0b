"""Distillation by the likelihood of the members' means under the student's normal distribution (Lindqvist et al. 2020).

The mean over members of log(s^2) / 2 + (m_k - m)^2 / (2 s^2) depends only on the members' mean and standard deviation.
"""

import math
from collections.abc import Mapping

from keras import KerasTensor, ops

HEADS = ("mean", "epistemic")
POSITIVE = True


def loss(true: Mapping[str, KerasTensor], predicted: Mapping[str, KerasTensor]) -> KerasTensor:
    """Return the mean over members of the negative log-likelihood, (B, T)."""
    variance = ops.square(predicted["epistemic"])
    squared = ops.square(true["mean"] - predicted["mean"]) + ops.square(true["epistemic"])
    return 0.5 * (math.log(2 * math.pi) + ops.log(variance) + squared / variance)
