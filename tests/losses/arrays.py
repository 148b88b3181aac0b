"""What the tests of several losses share: from NumPy to the loss and back."""

from collections.abc import Callable, Mapping

import numpy as np
import pytest
import tensorflow as tf
from keras import ops

# Type of the arrays, and how near a loss in that type must be to one in double precision.
every_type = pytest.mark.parametrize(("dtype", "near"), [("float64", 1e-9), ("float32", 2e-4)])


def tensors(arrays: Mapping[str, np.ndarray], dtype: str) -> dict[str, tf.Tensor]:
    return {name: tf.constant(values, dtype=dtype) for name, values in arrays.items()}


def value_of(loss: Callable, true: Mapping, predicted: Mapping, dtype: str = "float64", **options) -> np.ndarray:
    """Return a loss, (B, T), of arrays by name."""
    values = loss(tensors(true, dtype), tensors(predicted, dtype), **options)
    assert str(values.dtype.name) == dtype
    return ops.convert_to_numpy(values)


def gradients_of(loss: Callable, true: Mapping, predicted: Mapping, **options) -> dict[str, np.ndarray]:
    """Return the derivative of the sum of a loss with respect to each prediction."""
    targets, variables = tensors(true, "float64"), tensors(predicted, "float64")
    with tf.GradientTape() as tape:
        tape.watch(variables)
        total = ops.sum(loss(targets, variables, **options))
    return {name: values.numpy() for name, values in tape.gradient(total, variables).items()}


def profile_of_counts(rows: int = 12, targets: int = 2, positions: int = 9) -> tuple[np.ndarray, np.ndarray]:
    """Return counts and logits, both (B, T, 2, P): most counts are 0, and the first row has none at all."""
    rng = np.random.default_rng(20)
    logits = single(rng.normal(0, 2, size=(rows, targets, 2, positions)))
    counts = rng.poisson(np.exp(logits)).astype(np.float64)
    counts[0] = 0
    return counts, logits


def flat(values: np.ndarray) -> np.ndarray:
    """Return an array, (B, T, S, P), with strands and positions in one axis."""
    return values.reshape(*values.shape[:2], -1)


def single(values: np.ndarray) -> np.ndarray:
    """Return values as single precision knows them, in double precision."""
    return np.asarray(values, dtype=np.float32).astype(np.float64)
