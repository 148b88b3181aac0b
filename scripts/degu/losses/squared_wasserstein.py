"""Distillation by the squared 2-Wasserstein distance between the normal distributions of ensemble and student.

It is the squared error of mean and standard deviation, as in the published loss, but its standard deviation is above 0.
"""

from collections.abc import Mapping

from keras import KerasTensor, ops

HEADS = ("mean", "epistemic")
POSITIVE = True


def loss(true: Mapping[str, KerasTensor], predicted: Mapping[str, KerasTensor]) -> KerasTensor:
    """Return (m_p - m_q)^2 + (s_p - s_q)^2, (B, T)."""
    return sum(ops.square(true[head] - predicted[head]) for head in HEADS)
