"""Functions that attribution methods share: gradients, and contributions from multipliers."""

from collections.abc import Callable
from typing import NamedTuple

import tensorflow as tf

# Approximate numbers of sequences, and of bases in them, that the network sees at a time, whichever are reached first.
# More is no faster on a CPU and takes more memory.
ROWS, BASES = 512, 512 * 256


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


def rows_at_a_time(length: int) -> int:
    """Return the number of sequences of a length that the network sees at a time, approximately."""
    return max(1, min(ROWS, BASES // length))


def backgrounds_at_a_time(length: int, backgrounds: int, rows: int = 1) -> int:
    """Return the number of backgrounds of a sequence that the network sees at a time, a divisor of their number.

    Parameters
    ----------
    length, backgrounds
        Length of a sequence, and the number of its backgrounds, B.
    rows
        Number of sequences that the network sees for each background.
    """
    most = max(1, rows_at_a_time(length) // rows)
    return max(size for size in range(1, backgrounds + 1) if size <= most and backgrounds % size == 0)


def mean_over_backgrounds(function: Callable[[tf.Tensor], Maps], references: tf.Tensor, each: int) -> Maps:
    """Return the mean of maps, each of which compares with some of the backgrounds.

    Parameters
    ----------
    function
        Function of backgrounds, (n, each, L, 4), that returns maps and the sum that each should have.
    references
        One-hot backgrounds, (n, B, L, 4).
    each
        Number of backgrounds that the function takes, a divisor of B.
    """
    number, backgrounds, *shape = references.shape
    if each == backgrounds:
        return function(references)
    parts = tf.reshape(references, (number, backgrounds // each, each, *shape))
    kinds = (references.dtype, references.dtype)
    found = tf.map_fn(lambda part: tuple(function(part)), tf.transpose(parts, (1, 0, 2, 3, 4)),
                      fn_output_signature=kinds, parallel_iterations=1)  # fmt: skip
    return Maps(*(tf.reduce_mean(part, axis=0) for part in found))
