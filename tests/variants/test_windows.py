"""Windows around alleles, against edits of strings."""

import numpy as np
import pytest

from degu.variants.windows import columns_of, edited, places

BASES = "".join(np.random.default_rng(5).choice(list("ACGT"), 60))


def test_places_are_symmetric():
    assert places(0, 10) == [0]
    assert places(2, 7) == [-14, -7, 0, 7, 14]


def test_a_variant_stays_within_its_window():
    assert columns_of(10, [-100, -1, 0, 1, 100]) == [0, 3, 4, 5, 9]
    assert columns_of(11, [0]) == [5]


@pytest.mark.parametrize("alt", ["G", "", "GATTACA"])
def test_windows_are_cut_from_the_edited_sequence(alt):
    left, right = BASES[:30], BASES[31:]
    for shift in (-3, 0, 3):
        (found,) = edited(left, alt, right, 20, [shift])
        start = 30 - (9 + shift)
        assert found == f"{left}{alt}{right}"[start : start + 20]
