"""Distillation by Kullback-Leibler divergence between the normal distributions of ensemble and student.

The divergence from the ensemble to the student differs from `gaussian_of_members` by a constant, and so has the same
gradient. With `reverse` it is taken from the student to the ensemble, which penalises a student that is wider than its
ensemble.
"""

from collections.abc import Mapping

from keras import KerasTensor, ops

HEADS = ("mean", "epistemic")
POSITIVE = True
# Standard deviations over members below this are raised to it, in scaled units.
FLOOR = 1e-3


def loss(
    true: Mapping[str, KerasTensor], predicted: Mapping[str, KerasTensor], *, reverse: bool = False
) -> KerasTensor:
    """Return the divergence from p to q, log(s_q / s_p) + (s_p^2 + (m_p - m_q)^2) / (2 s_q^2) - 1/2, (B, T)."""
    ensemble, student = ops.maximum(true["epistemic"], FLOOR), predicted["epistemic"]
    first, second = (student, ensemble) if reverse else (ensemble, student)
    squared = ops.square(first) + ops.square(true["mean"] - predicted["mean"])
    return ops.log(second / first) + 0.5 * squared / ops.square(second) - 0.5
