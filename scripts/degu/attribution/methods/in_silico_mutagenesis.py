"""In-silico mutagenesis: the change of the prediction by each substitution; the sequence's own bases have 0.

What is explained of a profile changes signed, as it does for all other methods: the probabilities of the sequence
itself weigh the logits of each mutant.
"""

from collections.abc import Callable

import numpy as np
import tensorflow as tf

from degu.attribution.contributions import Maps, one_hot, rows_at_a_time
from degu.attribution.explained import Explained
from degu.data.sequences import N_TOKEN

BACKGROUNDS = False
RANGES = {"centre": {"at_least": 1}}


def rows(length: int, backgrounds: int, *, centre: int | None = None) -> int:
    """Return the number of sequences that the network sees for each explained one."""
    return 1 + 3 * _blocks(length, centre)[0].size


def explainer(
    explained: Explained, backgrounds: int, *, centre: int | None = None
) -> Callable[[tf.Tensor, tf.Tensor], Maps]:
    """Return the method, as `degu.attribution.methods` describes; all four bases have 0 where the base is unknown.

    Parameters
    ----------
    explained, backgrounds
        Explained head, and the number of backgrounds, which is not used.
    centre
        Number of bases in the middle of a sequence that are mutated; all others have 0. With None, or where a sequence
        has no more, all are. If the number of others is odd, one more lies behind the middle than before it.
    """
    length = explained.model.input_shape[1]
    blocks, positions = _blocks(length, centre)

    def attribute(tokens: tf.Tensor, background_tokens: tf.Tensor) -> Maps:
        tokens = tf.cast(tokens, tf.int32)
        number, inputs = tokens.shape[0], one_hot(tokens)
        value_of = explained.about(inputs)
        value = value_of(inputs)
        others = (tokens[:, None] + tf.range(1, 4)[:, None]) % 4

        def changes(block: tf.Tensor) -> tf.Tensor:
            at_site = tf.one_hot(block, length, on_value=True, off_value=False, dtype=tf.bool)
            mutants = tf.where(at_site, others[:, :, None], tokens[:, None, None])
            values = value_of(one_hot(tf.reshape(mutants, (3 * number * blocks.shape[1], length))))
            return tf.reshape(values, (number, 3, blocks.shape[1])) - value[:, None, None]

        if len(blocks) == 1:
            change = changes(tf.constant(blocks[0]))
        else:
            parts = tf.map_fn(changes, tf.constant(blocks), fn_output_signature=value.dtype, parallel_iterations=1)
            change = tf.reshape(tf.transpose(parts, (1, 2, 0, 3)), (number, 3, blocks.size))[..., : len(positions)]
        change = tf.pad(change, [[0, 0], [0, 0], [positions[0], length - 1 - positions[-1]]])
        change = tf.where((tokens == N_TOKEN)[:, None], 0.0, change)
        return Maps(tf.reduce_sum(one_hot(others) * change[..., None], axis=1))

    return attribute


def _blocks(length: int, centre: int | None) -> tuple[np.ndarray, np.ndarray]:
    """Return the positions that are mutated together, int (blocks, width), and all of them, in their order.

    The last block is filled up with the last position.
    """
    number = min(centre or length, length)
    positions = (length - number) // 2 + np.arange(number)
    width = min(number, max(1, rows_at_a_time(length) // 3))
    blocks = np.minimum(positions[0] + np.arange(-(-number // width) * width), positions[-1])
    return blocks.reshape(-1, width), positions
