"""The loss for classes: measurements are class numbers from 0 on, and the head is the probability of each class.

The library trains with it; the pipeline refuses it, since its tables do not evaluate class probabilities yet.
"""

from collections.abc import Mapping

import numpy as np
from keras import KerasTensor, ops

from degu.errors import DeguError
from degu.outputs.outputs import Outputs

HEADS = ("probability",)
TARGETS = ("measured",)
PARAMETERS = {"logits": "linear"}


def check(targets: Mapping[str, np.ndarray], outputs: Outputs) -> None:
    """Check that measurements, (n, T), are class numbers.

    Raises
    ------
    DeguError
        If one is not a whole number from 0 to C - 1.
    """
    classes = outputs.heads.shape("probability")[0]
    wrong = ~np.isin(targets["measured"], np.arange(classes))
    if wrong.any():
        first = targets["measured"][wrong][0]
        raise DeguError(
            f"{wrong.sum():,} of {wrong.size:,} measurements are no class numbers, such as {first:g}",
            where="loss: categorical_crossentropy",
            expected=f"whole numbers from 0 to {classes - 1}, for {classes} classes",
            remedy="correct the target column of the data set, or `head_shapes` in the recipe",
        )


def heads(parameters: Mapping[str, KerasTensor]) -> dict[str, KerasTensor]:
    """Return the probability of each class, (B, T, C): the softmax of the logits, (B, T, C)."""
    return {"probability": ops.softmax(parameters["logits"], axis=-1)}


def loss(true: Mapping[str, KerasTensor], parameters: Mapping[str, KerasTensor]) -> KerasTensor:
    """Return the negative logarithm of the probability of the measured class, (B, T)."""
    logits = parameters["logits"]
    chosen = ops.one_hot(ops.cast(true["measured"], "int32"), logits.shape[-1], dtype=logits.dtype)
    return ops.logsumexp(logits, axis=-1) - ops.sum(chosen * logits, axis=-1)
