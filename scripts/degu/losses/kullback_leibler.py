"""Distillation by Kullback-Leibler divergence between the normal distributions of ensemble and student.

From the ensemble to the student it differs from `gaussian_of_members` by a constant and so has the same gradient;
`reverse` takes it from the student to the ensemble, which punishes a student that is wider than its ensemble.
"""

from collections.abc import Mapping

from keras import KerasTensor, ops

HEADS = ("mean", "epistemic")
POSITIVE = True
# Smallest standard deviation of the members, in scaled units.
FLOOR = 1e-3


def loss(
    true: Mapping[str, KerasTensor], predicted: Mapping[str, KerasTensor], *, reverse: bool = False
) -> KerasTensor:
    """Return log(s_q / s_p) + (s_p^2 + (m_p - m_q)^2) / (2 s_q^2) - 1/2, (B, T), from p to q."""
    ensemble, student = ops.maximum(true["epistemic"], FLOOR), predicted["epistemic"]
    first, second = (student, ensemble) if reverse else (ensemble, student)
    squared = ops.square(first) + ops.square(true["mean"] - predicted["mean"])
    return ops.log(second / first) + 0.5 * squared / ops.square(second) - 0.5
