"""In-silico mutagenesis: the change of the prediction by each substitution; the sequence's own bases have 0."""

from collections.abc import Callable

import tensorflow as tf

from degu.attribution.contributions import Maps, one_hot
from degu.attribution.explained import Explained
from degu.data.sequences import N_TOKEN

BACKGROUNDS = False


def rows(length: int, backgrounds: int) -> int:
    """Return the number of sequences that the network sees for each explained one."""
    return 1 + 3 * length


def explainer(explained: Explained, backgrounds: int) -> Callable[[tf.Tensor, tf.Tensor], Maps]:
    """Return the method, as `degu.attribution.methods` describes; all four bases have 0 where the base is unknown."""
    length = explained.model.input_shape[1]
    at_site = tf.eye(length, dtype=tf.bool)

    def attribute(tokens: tf.Tensor, background_tokens: tf.Tensor) -> Maps:
        tokens = tf.cast(tokens, tf.int32)
        number = tokens.shape[0]
        others = (tokens[:, None] + tf.range(1, 4)[:, None]) % 4
        mutants = tf.where(at_site, others[..., None], tokens[:, None, None])
        sequences = tf.concat([tokens, tf.reshape(mutants, (-1, length))], axis=0)
        values = explained(one_hot(sequences))
        change = tf.reshape(values[number:], (number, 3, length)) - values[:number, None, None]
        change = tf.where((tokens == N_TOKEN)[:, None], 0.0, change)
        return Maps(tf.reduce_sum(one_hot(others) * change[..., None], axis=1))

    return attribute
