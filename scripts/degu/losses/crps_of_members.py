"""Distillation by the continuous ranked probability score of the student's normal distribution at each member's mean.

The formula is equation 21 of Gneiting and Raftery (2007).
"""

import math
from collections.abc import Mapping

from keras import KerasTensor, ops

HEADS = ("mean", "epistemic")
TARGETS = ("member_mean",)
POSITIVE = True


def loss(true: Mapping[str, KerasTensor], predicted: Mapping[str, KerasTensor]) -> KerasTensor:
    """Return the mean over members of s (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi)), z = (m_k - m) / s, (B, T)."""
    mean, std = (ops.expand_dims(predicted[head], 1) for head in HEADS)
    z = (true["member_mean"] - mean) / std
    density = ops.exp(-0.5 * ops.square(z)) / math.sqrt(2 * math.pi)
    score = std * (z * ops.erf(z / math.sqrt(2)) + 2 * density - 1 / math.sqrt(math.pi))
    return ops.mean(score, axis=1)
