"""Saliency (Simonyan et al. 2014): the gradient of the prediction at the one-hot sequence, for all four bases."""

from collections.abc import Callable

import tensorflow as tf

from degu.attribution.contributions import Maps, gradient, one_hot
from degu.attribution.explained import Explained

BACKGROUNDS = False


def rows(length: int, backgrounds: int) -> int:
    """Return the number of sequences that the network sees for each explained one."""
    return 1


def explainer(explained: Explained, backgrounds: int) -> Callable[[tf.Tensor, tf.Tensor], Maps]:
    """Return the method as a function of tokens and backgrounds, as `degu.attribution.methods` describes."""

    def attribute(tokens: tf.Tensor, background_tokens: tf.Tensor) -> Maps:
        return Maps(gradient(explained, one_hot(tokens))[0])

    return attribute
