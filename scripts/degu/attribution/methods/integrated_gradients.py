"""Integrated gradients (Sundararajan et al. 2017): (x - x') times the mean gradient on the line from x' to x.

A map is the average over the backgrounds x'. It is complete up to the error of the trapezoid rule: it sums to f(x)
minus the mean of f(x').
"""

from collections.abc import Callable

import numpy as np
import tensorflow as tf

from degu.attribution.contributions import (
    Maps,
    backgrounds_at_a_time,
    combine,
    gradient,
    mean_over_backgrounds,
    one_hot,
)
from degu.attribution.explained import Explained

RANGES = {"steps": {"at_least": 1}}


def rows(length: int, backgrounds: int, *, steps: int = 20, **_: object) -> int:
    """Return the number of sequences that the network sees for each explained one."""
    return backgrounds * (steps + 1)


def explainer(
    explained: Explained, backgrounds: int, *, steps: int = 20, hypothetical: bool = False
) -> Callable[[tf.Tensor, tf.Tensor], Maps]:
    """Return the method as a function of tokens and backgrounds, as `degu.attribution.methods` describes.

    Parameters
    ----------
    explained, backgrounds
        Explained head, and the number of backgrounds of each sequence, B.
    steps
        Number of steps of the trapezoid rule.
    hypothetical
        Whether contributions are hypothetical; see `degu.attribution.contributions.combine`.
    """
    along = np.linspace(0, 1, steps + 1, dtype=np.float32)[:, None, None]
    weights = np.full((steps + 1, 1, 1), 1 / steps, dtype=np.float32)
    weights[[0, -1]] /= 2

    each = backgrounds_at_a_time(explained.model.input_shape[1], backgrounds, steps + 1)

    def attribute(tokens: tf.Tensor, background_tokens: tf.Tensor) -> Maps:
        inputs = one_hot(tokens)
        value_of = explained.about(inputs)

        def compare(references: tf.Tensor) -> Maps:
            path = references[:, :, None] + along * (inputs[:, None] - references)[:, :, None]
            slopes, values = gradient(value_of, tf.reshape(path, (-1, *path.shape[3:])))
            mean = tf.reduce_sum(weights * tf.reshape(slopes, path.shape), axis=2)
            values = tf.reshape(values, path.shape[:3])
            difference = tf.reduce_mean(values[:, :, -1] - values[:, :, 0], axis=1)
            return Maps(combine(mean, inputs, references, hypothetical), difference)

        return mean_over_backgrounds(compare, one_hot(background_tokens), each)

    return attribute
