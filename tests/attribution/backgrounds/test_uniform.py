"""Random backgrounds."""

import numpy as np
from scipy import stats

from degu.attribution.backgrounds.uniform import draw

TOKENS = np.full((20, 50), 4, dtype=np.uint8)


def test_all_four_bases_are_as_likely_at_every_position_and_n_never_comes():
    backgrounds = draw(TOKENS, 30, TOKENS, np.random.default_rng(1))
    assert backgrounds.shape == (20, 30, 50) and backgrounds.dtype == np.uint8
    assert stats.chisquare(np.bincount(backgrounds.ravel(), minlength=4)).pvalue > 1e-4
    for position in range(50):
        assert stats.chisquare(np.bincount(backgrounds[:, :, position].ravel(), minlength=4)).pvalue > 1e-6


def test_neighbouring_bases_are_independent():
    backgrounds = draw(TOKENS, 30, TOKENS, np.random.default_rng(2)).astype(int)
    pairs = np.bincount((4 * backgrounds[..., :-1] + backgrounds[..., 1:]).ravel(), minlength=16)
    assert stats.chisquare(pairs).pvalue > 1e-4


def test_each_sequence_has_its_own_and_the_seed_decides():
    first, again, other = (draw(TOKENS, 3, TOKENS, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any(axis=2).all()
    assert len(np.unique(first.reshape(60, 50), axis=0)) == 60
