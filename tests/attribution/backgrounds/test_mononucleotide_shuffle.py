"""Shuffles of single bases."""

import itertools

import numpy as np
from scipy import stats

from degu.attribution.backgrounds.mononucleotide_shuffle import draw


def test_every_shuffle_has_the_bases_of_its_sequence():
    tokens = np.random.default_rng(1).integers(0, 5, size=(10, 30), dtype=np.uint8)
    shuffles = draw(tokens, 4, tokens, np.random.default_rng(2))
    assert shuffles.shape == (10, 4, 30) and shuffles.dtype == np.uint8
    np.testing.assert_array_equal(np.sort(shuffles, axis=2), np.repeat(np.sort(tokens)[:, None], 4, axis=1))
    assert (shuffles != tokens[:, None]).any(axis=2).all()


def test_all_orders_are_as_likely():
    tokens = np.array([[0, 0, 1, 2]], dtype=np.uint8)
    shuffles = draw(tokens, 6000, tokens, np.random.default_rng(3))[0]
    orders = sorted(set(itertools.permutations([0, 0, 1, 2])))
    counts = [(shuffles == order).all(axis=1).sum() for order in orders]
    assert sum(counts) == 6000
    assert stats.chisquare(counts).pvalue > 1e-4


def test_the_seed_decides_and_each_shuffle_is_its_own():
    tokens = np.random.default_rng(1).integers(0, 4, size=(3, 50), dtype=np.uint8)
    first, again, other = (draw(tokens, 5, tokens, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any(axis=2).all()
    assert len(np.unique(first.reshape(15, 50), axis=0)) == 15
