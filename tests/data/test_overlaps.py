"""Overlaps of sequences, against substrings."""

import numpy as np
import pytest

from degu.data.overlaps import overlapping
from degu.data.sequences import decode, reverse_complement


@pytest.mark.parametrize("length", [1, 5, 31])
def test_a_shared_stretch_on_either_strand_is_found(length):
    rng = np.random.default_rng(length)
    others = rng.integers(0, 5 if length == 5 else 4, size=(20, 40), dtype=np.uint8)
    tokens = rng.integers(0, 4, size=(300, 36), dtype=np.uint8)
    tokens[:40, 2:34] = others[rng.integers(20, size=40), 4:36]
    tokens[40:80] = reverse_complement(tokens[:40])
    known = {
        text[at : at + length]
        for strand in (others, reverse_complement(others))
        for text in decode(strand)
        for at in range(40 - length + 1)
    }
    known = {stretch for stretch in known if "N" not in stretch}
    expected = [any(text[at : at + length] in known for at in range(36 - length + 1)) for text in decode(tokens)]
    np.testing.assert_array_equal(overlapping(tokens, others, length), expected)


def test_sequences_that_are_too_short_share_nothing():
    tokens = np.zeros((3, 10), dtype=np.uint8)
    assert not overlapping(tokens, tokens, 11).any()
    assert not overlapping(tokens, np.zeros((2, 5), dtype=np.uint8), 8).any()
