"""Dinucleotide shuffles as backgrounds."""

import numpy as np

from degu.attribution.backgrounds.dinucleotide_shuffle import draw
from degu.data.dinucleotides import shuffle


def test_backgrounds_are_the_shuffles_of_each_sequence_and_the_pool_is_not_used():
    tokens = np.random.default_rng(0).integers(0, 5, size=(7, 40), dtype=np.uint8)
    backgrounds = draw(tokens, 3, np.empty((0, 40), dtype=np.uint8), np.random.default_rng(4))
    assert backgrounds.shape == (7, 3, 40) and backgrounds.dtype == np.uint8
    np.testing.assert_array_equal(backgrounds, shuffle(tokens, 3, np.random.default_rng(4)))
