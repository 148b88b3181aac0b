"""Shuffled stretches, against counts of dinucleotides."""

from collections import Counter

import numpy as np
import pytest

from degu.data.sequences import decode
from degu.errors import DeguError
from degu.shift.kinds.dinucleotide_shuffle import shift

TOKENS = np.random.default_rng(1).integers(0, 4, size=(200, 60), dtype=np.uint8)


def pairs(sequence: str) -> Counter[str]:
    return Counter(sequence[at : at + 2] for at in range(len(sequence) - 1))


@pytest.mark.parametrize("level", [0, 0.25, 0.5, 1])
def test_the_dinucleotides_stay_and_what_changes_is_one_stretch(level):
    changed = shift(TOKENS, np.random.default_rng(2), level=level)
    for old, new in zip(decode(TOKENS), decode(changed), strict=True):
        assert pairs(old) == pairs(new)
        places = [place for place, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
        # The ends of a stretch stay.
        assert not places or places[-1] - places[0] < round(level * 60) - 2
    assert ((changed != TOKENS).any(axis=1).mean() > 0.9) == (level > 0)


def test_a_level_out_of_range_is_refused():
    with pytest.raises(DeguError, match="level: 2 is out of range"):
        shift(TOKENS, np.random.default_rng(1), level=2)
