"""Shuffled stretches, against counts of letters."""

from collections import Counter

import numpy as np
import pytest

from degu.data.sequences import decode
from degu.errors import DeguError
from degu.shift.kinds.mononucleotide_shuffle import shift

TOKENS = np.random.default_rng(1).integers(0, 5, size=(300, 30), dtype=np.uint8)


@pytest.mark.parametrize("level", [0, 0.25, 0.5, 1])
def test_the_bases_stay_and_what_changes_is_one_stretch(level):
    changed = shift(TOKENS, np.random.default_rng(2), level=level)
    longest = round(level * 30)
    for old, new in zip(decode(TOKENS), decode(changed), strict=True):
        assert Counter(old) == Counter(new)
        places = [place for place, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
        assert not places or places[-1] - places[0] < longest
    # Hardly any shuffle of seven bases or more leaves them as they are.
    assert (changed != TOKENS).any(axis=1).mean() == pytest.approx(min(level * 4, 1), abs=0.02)


def test_a_level_out_of_range_is_refused():
    with pytest.raises(DeguError, match="level: -1 is out of range"):
        shift(TOKENS, np.random.default_rng(1), level=-1)
