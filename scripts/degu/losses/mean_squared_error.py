"""The published loss of teachers and students: the squared error of each head."""

from keras import KerasTensor, ops


def loss(true: KerasTensor, predicted: KerasTensor) -> KerasTensor:
    """Return the squared error of one head, (B, T)."""
    return ops.square(true - predicted)
