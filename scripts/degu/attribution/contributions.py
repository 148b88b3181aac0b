"""Functions that attribution methods share: gradients, and contributions from multipliers."""

from collections.abc import Callable
from typing import NamedTuple

import tensorflow as tf


class Maps(NamedTuple):
    """Maps of a batch of n sequences.

    Attributes
    ----------
    values
        Maps, (n, L, 4).
    difference
        Sum that each map should have, (n,): f(x) minus the mean of f over the backgrounds. It is None if the method
        does not define such a sum.
    """

    values: tf.Tensor
    difference: tf.Tensor | None = None


def one_hot(tokens: tf.Tensor) -> tf.Tensor:
    """Return one-hot sequences, float32 (..., L, 4), from tokens (..., L); N is all zero."""
    return tf.one_hot(tf.cast(tokens, tf.int32), 4)


def gradient(function: Callable[[tf.Tensor], tf.Tensor], inputs: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Return the gradient of a function at its inputs, (N, L, 4), and the function's values, (N,)."""
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        values = function(inputs)
    return tape.gradient(values, inputs), values


def combine(multipliers: tf.Tensor, inputs: tf.Tensor, references: tf.Tensor, hypothetical: bool) -> tf.Tensor:
    """Return maps (n, L, 4), which are the mean over backgrounds of multiplier times change of the input.

    Parameters
    ----------
    multipliers
        Change of the output for each change of an input, (n, B, L, 4).
    inputs, references
        One-hot sequences, (n, L, 4), and backgrounds, (n, B, L, 4).
    hypothetical
        Whether to return hypothetical contributions, as TF-MoDISco needs them. Each base then has the contribution that
        it would have if it were the sequence's own. For the sequence's own bases the sums of both kinds agree.
    """
    if not hypothetical:
        return tf.reduce_mean(multipliers * (inputs[:, None] - references), axis=1)
    at_reference = tf.reduce_sum(multipliers * references, axis=-1, keepdims=True)
    return tf.reduce_mean(multipliers - at_reference, axis=1)
