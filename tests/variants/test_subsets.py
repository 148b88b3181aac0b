"""Which variants are judged together."""

import numpy as np
import pytest

from degu.variants.subsets import ALL, CONFIDENT, POOLED, QUARTILES, choices, rows_of_parts, subsets
from tests.variants.sets import context_set, pair_set

PROTOCOLS = {
    "zero_shot": {"parts": [], "calibration": []},
    "challenge": {"parts": ["challenge"], "calibration": ["train"]},
}


def test_protocols_take_the_parts_that_they_name():
    variants = context_set()
    found = list(choices(variants, variants.parts, PROTOCOLS))
    names = [(own.protocol, own.locus) for own in found]
    assert names == [(protocol, locus) for protocol in PROTOCOLS for locus in ("one", "two", POOLED)]
    for own in found:
        parts = PROTOCOLS[own.protocol]["parts"]
        expected = [
            row
            for row in range(len(variants))
            if (not parts or variants.parts[row] in parts) and own.locus in (variants.loci[row], POOLED)
        ]
        assert list(own.rows) == expected


def test_one_locus_is_not_pooled():
    variants = pair_set()
    assert [own.locus for own in choices(variants, variants.parts, {"all": PROTOCOLS["zero_shot"]})] == ["pairs"]


def test_rows_of_parts():
    parts = np.array(["a", "b", "", "a"])
    assert list(rows_of_parts(parts, ["a"])) == [0, 3]
    assert list(rows_of_parts(parts, [])) == [0, 1, 2, 3]
    assert list(rows_of_parts(parts, ["c"])) == []


def test_quartiles_are_those_of_the_size():
    effect = np.array([-8.0, 1, 2, -3, 4, 5, 6, -7])
    found = subsets(effect, None, 0.1)
    assert list(found) == [ALL, *QUARTILES]
    assert found[ALL].all()
    assert [sorted(np.abs(effect[found[name]])) for name in QUARTILES] == [[1, 2], [3, 4], [5, 6], [7, 8]]


@pytest.mark.parametrize(("threshold", "rows"), [(0.1, [1, 2]), (0.5, [2])])
def test_confident_variants_reach_the_threshold(threshold, rows):
    found = subsets(np.zeros(3), np.array([np.nan, 0.1, 0.9]), threshold)
    assert list(np.flatnonzero(found[CONFIDENT])) == rows


def test_equal_effects_stay_together():
    found = subsets(np.array([0.0, 0.0, 0.0, 0.0, 1.0]), None, 0.1)
    assert [int(found[name].sum()) for name in QUARTILES] == [4, 0, 0, 1]
