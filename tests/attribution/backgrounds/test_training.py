"""Training sequences as backgrounds."""

import numpy as np
import pytest
from scipy import stats

from degu.attribution.backgrounds.training import draw
from degu.errors import DeguError

TOKENS = np.zeros((6, 9), dtype=np.uint8)
# No two are the same.
POOL = np.unique(np.random.default_rng(0).integers(0, 5, size=(40, 9), dtype=np.uint8), axis=0)


def rows_of(backgrounds: np.ndarray) -> list[int]:
    """Return which of the pool each background is."""
    same = (backgrounds[:, None] == POOL).all(axis=2)
    assert (same.sum(axis=1) == 1).all()
    return same.argmax(axis=1).tolist()


@pytest.mark.parametrize("number", [1, 7, len(POOL)])
def test_they_are_drawn_from_the_pool_each_at_most_once_and_are_the_same_for_each_sequence(number):
    backgrounds = draw(TOKENS, number, POOL, np.random.default_rng(1))
    assert backgrounds.shape == (6, number, 9) and backgrounds.dtype == np.uint8
    assert len(set(rows_of(backgrounds[0]))) == number
    for own in backgrounds:
        np.testing.assert_array_equal(own, backgrounds[0])


def test_each_of_the_pool_is_as_likely():
    rng = np.random.default_rng(2)
    drawn = [row for _ in range(500) for row in rows_of(draw(TOKENS, 4, POOL, rng)[0])]
    assert stats.chisquare(np.bincount(drawn, minlength=len(POOL))).pvalue > 1e-4


def test_the_seed_decides():
    first, again, other = (draw(TOKENS, 5, POOL, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_a_pool_that_is_too_small_is_refused():
    message = f"there are {len(POOL)} training sequences\n  expected: at least 1,500, as backgrounds"
    with pytest.raises(DeguError, match=message):
        draw(TOKENS, 1500, POOL, np.random.default_rng(0))
