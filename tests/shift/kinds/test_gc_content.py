"""Another GC content, against counts on strings."""

import numpy as np
import pytest

from degu.data.sequences import decode
from degu.errors import DeguError
from degu.shift.kinds.gc_content import shift

TOKENS = np.random.default_rng(1).integers(0, 5, size=(400, 50), dtype=np.uint8)


def strong(sequence: str) -> int:
    return sequence.count("G") + sequence.count("C")


@pytest.mark.parametrize("level", [-1, -0.2, -0.1, 0, 0.1, 0.3, 1])
def test_bases_of_one_kind_become_bases_of_the_other(level):
    changed = shift(TOKENS, np.random.default_rng(2), level=level)
    for old, new in zip(decode(TOKENS), decode(changed), strict=True):
        there = old.count("A") + old.count("T") if level > 0 else strong(old)
        assert strong(new) - strong(old) == np.sign(level) * min(round(abs(level) * 50), there)
        assert sum(a != b for a, b in zip(old, new, strict=True)) == abs(strong(new) - strong(old))
        assert [a == "N" for a in old] == [b == "N" for b in new]


def test_both_bases_are_as_likely():
    changed = shift(np.zeros((400, 50), dtype=np.uint8), np.random.default_rng(3), level=1)
    np.testing.assert_allclose([(changed == base).mean() for base in (1, 2)], 0.5, atol=0.02)


def test_a_level_out_of_range_is_refused():
    with pytest.raises(DeguError, match="level: -3 is out of range"):
        shift(TOKENS, np.random.default_rng(1), level=-3)
