"""Substitutions, against counts on strings."""

import numpy as np
import pytest

from degu.data.sequences import decode, encode
from degu.errors import DeguError
from degu.shift.kinds.mutation import LEVELS, shift

TOKENS = encode(["ACGTNACGTA" * 4, "T" * 40, "N" * 40])


@pytest.mark.parametrize("level", [0, *LEVELS])
def test_a_share_of_the_bases_is_replaced_by_other_bases(level):
    tokens = np.repeat(TOKENS[:2], 200, axis=0)
    before, after = decode(tokens), decode(shift(tokens, np.random.default_rng(1), level=level))
    for old, new in zip(before[200:], after[200:], strict=True):
        assert sum(a != b for a, b in zip(old, new, strict=True)) == round(level * 40)
    for old, new in zip(before, after, strict=True):
        assert all(b == "N" for a, b in zip(old, new, strict=True) if a == "N")
        assert set(new) <= set("ACGTN")


def test_every_position_and_every_other_base_is_as_likely():
    tokens = np.zeros((8000, 20), dtype=np.uint8)
    changed = shift(tokens, np.random.default_rng(2), level=0.25)
    np.testing.assert_allclose((changed != 0).mean(axis=0), 0.25, atol=0.02)
    shares = np.bincount(changed[changed != 0], minlength=4)[1:] / (changed != 0).sum()
    np.testing.assert_allclose(shares, 1 / 3, atol=0.01)


def test_a_level_out_of_range_is_refused():
    with pytest.raises(DeguError, match=r"level: 1\.5 is out of range"):
        shift(TOKENS, np.random.default_rng(1), level=1.5)
