"""Expected gradients (Erion et al. 2021): (x - x') times the gradient at one point of the line from each background x'.

There is one point for each background. The points are spread evenly over the length of the lines, and the backgrounds
come in random order. The estimate is unbiased, but complete only on average.
"""

from collections.abc import Callable

import numpy as np
import tensorflow as tf

from degu.attribution.contributions import Maps, combine, gradient, one_hot
from degu.attribution.explained import Explained


def rows(length: int, backgrounds: int, **_: object) -> int:
    """Return the number of sequences that the network sees for each explained one."""
    return backgrounds


def explainer(
    explained: Explained, backgrounds: int, *, hypothetical: bool = False
) -> Callable[[tf.Tensor, tf.Tensor], Maps]:
    """Return the method as a function of tokens and backgrounds, as `degu.attribution.methods` describes.

    Parameters
    ----------
    explained, backgrounds
        Explained head, and the number of backgrounds of each sequence, B.
    hypothetical
        Whether contributions are hypothetical; see `degu.attribution.contributions.combine`.
    """
    along = ((np.arange(backgrounds, dtype=np.float32) + 0.5) / backgrounds)[:, None, None]

    def attribute(tokens: tf.Tensor, background_tokens: tf.Tensor) -> Maps:
        inputs, references = one_hot(tokens), one_hot(background_tokens)
        points = references + along * (inputs[:, None] - references)
        slopes = gradient(explained.about(inputs), tf.reshape(points, (-1, *points.shape[2:])))[0]
        return Maps(combine(tf.reshape(slopes, points.shape), inputs, references, hypothetical))

    return attribute
