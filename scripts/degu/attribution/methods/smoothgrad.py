"""SmoothGrad (Smilkov et al. 2017): the gradient averaged over noise around the one-hot sequence."""

from collections.abc import Callable

import numpy as np
import tensorflow as tf

from degu.attribution.contributions import Maps, gradient, one_hot
from degu.attribution.explained import Explained

BACKGROUNDS = False
RANGES = {"samples": {"at_least": 1}, "std": {"at_least": 0}, "seed": {"at_least": 0}}


def rows(length: int, backgrounds: int, *, samples: int = 50, **_: object) -> int:
    """Return the number of sequences that the network sees for each explained one."""
    return samples


def explainer(
    explained: Explained, backgrounds: int, *, samples: int = 50, std: float = 0.1, seed: int = 0
) -> Callable[[tf.Tensor, tf.Tensor], Maps]:
    """Return the method as a function of tokens and backgrounds, as `degu.attribution.methods` describes.

    Parameters
    ----------
    explained, backgrounds
        Explained head, and the number of backgrounds, which is not used.
    samples
        Number of noisy copies of each sequence.
    std
        Standard deviation of the normal noise on each entry of the one-hot sequence.
    seed
        Seed of the noise, which is the same for each sequence.
    """
    noise = std * np.random.default_rng(seed).standard_normal((samples, *explained.model.input_shape[1:]), np.float32)

    def attribute(tokens: tf.Tensor, background_tokens: tf.Tensor) -> Maps:
        inputs = one_hot(tokens)
        noisy = inputs[:, None] + noise
        slopes = gradient(explained.about(inputs), tf.reshape(noisy, (-1, *noisy.shape[2:])))[0]
        return Maps(tf.reduce_mean(tf.reshape(slopes, noisy.shape), axis=1))

    return attribute
