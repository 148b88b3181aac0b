"""Binary cross-entropy for labels of 0 and 1, where the mean head predicts the log odds of 1."""

from collections.abc import Mapping

import numpy as np
from keras import KerasTensor, ops

from degu.errors import DeguError
from degu.outputs.outputs import Outputs

HEADS = ("mean",)
TARGETS = ("measured",)
LABELS = True


def check(targets: Mapping[str, np.ndarray], outputs: Outputs) -> None:
    """Check that measurements, (n, T), are labels.

    Raises
    ------
    DeguError
        If one is neither 0 nor 1.
    """
    wrong = ~np.isin(targets["measured"], (0, 1))
    if wrong.any():
        raise DeguError(
            f"{wrong.sum():,} of {wrong.size:,} measurements are no labels, such as {targets['measured'][wrong][0]:g}",
            where="loss: binary_crossentropy",
            expected="0 or 1",
            remedy="correct the target column of the data set, or name a loss for activities in the recipe",
        )


def loss(true: Mapping[str, KerasTensor], predicted: Mapping[str, KerasTensor]) -> KerasTensor:
    """Return log(1 + exp(z)) - y z for log odds z, (B, T)."""
    return ops.softplus(predicted["mean"]) - true["measured"] * predicted["mean"]
