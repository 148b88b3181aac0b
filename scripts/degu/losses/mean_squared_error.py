"""The published loss of teachers and students: mean squared error over all outputs, unweighted."""

from keras import KerasTensor, ops


def loss(y_true: KerasTensor, y_pred: KerasTensor) -> KerasTensor:
    """Return the mean over outputs of the squared error, (B,), of arrays of shape (B, H * T)."""
    return ops.mean(ops.square(y_true - y_pred), axis=-1)
