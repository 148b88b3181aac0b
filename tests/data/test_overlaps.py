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


@pytest.mark.parametrize(("length", "number"), [(4, 5), (7, 300)])
def test_shared_stretches_are_those_of_strings(length, number):
    rng = np.random.default_rng(length)
    # Every twentieth base is unknown.
    tokens, others = (
        np.where(rng.random(shape) < 0.05, 4, rng.integers(0, 4, shape)).astype(np.uint8)
        for shape in ((60, 12), (number, 15))
    )
    searched = [*decode(others), *decode(reverse_complement(others))]
    expected = [
        any(
            "N" not in text[at : at + length] and any(text[at : at + length] in other for other in searched)
            for at in range(13 - length)
        )
        for text in decode(tokens)
    ]
    found = overlapping(tokens, others, length)
    assert list(found) == expected
    assert 0 < sum(expected) < 60


def test_a_long_stretch_is_found_among_many_sequences():
    rng = np.random.default_rng(1)
    others = rng.integers(0, 4, (9000, 60), dtype=np.uint8)
    tokens = rng.integers(0, 4, (6, 80), dtype=np.uint8)
    tokens[2, 10:34] = others[8999, 36:60]
    tokens[4, 50:74] = reverse_complement(others[5000:5001, :24])[0]
    tokens[5, 0:23] = others[0, :23]
    tokens[5, 23] = (others[0, 23] + 1) % 4
    assert list(overlapping(tokens, others, 24)) == [False, False, True, False, True, False]


def test_sequences_shorter_than_a_stretch_share_none():
    tokens = np.zeros((3, 20), dtype=np.uint8)
    assert not overlapping(tokens, tokens, 24).any()
