"""The paper's three shifts, against their definition in its code."""

import numpy as np
import pytest

from degu.data.sequences import one_hot
from degu.errors import DeguError
from degu.shift.kinds.published import shift

TOKENS = np.random.default_rng(1).integers(0, 4, size=(2000, 120), dtype=np.uint8)


def test_the_small_one_draws_five_percent_of_the_bases_anew():
    found = shift(TOKENS, np.random.default_rng(2), level=1)
    changed = (found.tokens != TOKENS).sum(axis=1)
    # Eight positions are drawn, and a quarter of the draws gives the base that was there.
    assert changed.max() == round(0.05 / 0.75 * 120)
    assert changed.mean() == pytest.approx(0.05 * 120, abs=0.1)
    np.testing.assert_array_equal(found.values, one_hot(found.tokens))


def test_the_intermediate_one_is_two_of_four_augmentations():
    found = shift(TOKENS, np.random.default_rng(2), level=2)
    noise = found.values - one_hot(found.tokens)
    noisy = (noise != 0).any(axis=(1, 2))
    # Each pair of the four is as likely, so that half of the sequences have noise.
    assert noisy.mean() == pytest.approx(0.5, abs=0.04)
    assert noise[noisy].std() == pytest.approx(0.2, abs=0.01)
    # With noise and a mutation, few bases change; a deletion or translocation moves many.
    changed = (found.tokens != TOKENS).mean(axis=1)
    assert ((changed > 0) & (changed < 0.08)).mean() == pytest.approx(1 / 6, abs=0.06)


def test_the_large_one_shuffles_the_bases():
    found = shift(TOKENS, np.random.default_rng(2), level=3)
    np.testing.assert_array_equal(np.sort(found.tokens, axis=1), np.sort(TOKENS, axis=1))
    assert (found.tokens != TOKENS).mean() == pytest.approx(0.75, abs=0.01)


@pytest.mark.parametrize("level", [0, 4])
def test_there_are_three(level):
    with pytest.raises(DeguError, match=f"level: {level} is out of range"):
        shift(TOKENS, np.random.default_rng(1), level=level)
