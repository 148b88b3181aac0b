"""What the methods share: gradients, and contributions from multipliers."""

from collections.abc import Callable
from typing import NamedTuple

import tensorflow as tf


class Maps(NamedTuple):
    """Maps of a batch of n sequences.

    Attributes
    ----------
    values
        (n, L, 4).
    difference
        (n,): what the values of a map sum to, if the method says so: f(x) less the mean of f over the backgrounds.
    """

    values: tf.Tensor
    difference: tf.Tensor | None = None


def one_hot(tokens: tf.Tensor) -> tf.Tensor:
    """Return one-hot sequences, float32 (..., L, 4), of tokens (..., L); N is all zero."""
    return tf.one_hot(tf.cast(tokens, tf.int32), 4)


def gradient(function: Callable[[tf.Tensor], tf.Tensor], inputs: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Return the gradient of a function's values at its inputs, of their shape (N, L, 4), and the values, (N,)."""
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        values = function(inputs)
    return tape.gradient(values, inputs), values


def combine(multipliers: tf.Tensor, inputs: tf.Tensor, references: tf.Tensor, hypothetical: bool) -> tf.Tensor:
    """Return maps (n, L, 4), the mean over backgrounds of multiplier times difference.

    Parameters
    ----------
    multipliers
        (n, B, L, 4): change of the output for each change of an input.
    inputs, references
        One-hot, (n, L, 4) and (n, B, L, 4).
    hypothetical
        Instead of the differences between sequence and background, take those that there would be if each base in turn
        were the sequence's, as TF-MoDISco needs them. Summed over the bases of the sequence, both are the same.
    """
    if not hypothetical:
        return tf.reduce_mean(multipliers * (inputs[:, None] - references), axis=1)
    at_reference = tf.reduce_sum(multipliers * references, axis=-1, keepdims=True)
    return tf.reduce_mean(multipliers - at_reference, axis=1)
