"""The training sequences as a source of a pool."""

import numpy as np

from degu.data.pools.training import FROM_TRAINING, draw


def test_the_training_sequences_are_returned_as_they_are():
    tokens = np.arange(12, dtype=np.uint8).reshape(3, 4) % 4
    assert draw(tokens, (0, 0), np.random.default_rng(1)) is tokens
    assert FROM_TRAINING
