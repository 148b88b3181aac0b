"""Texts that look alike become equal, and others stay apart."""

import pytest

from degu.formats.look_alikes import tidy


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" p ", "p"),
        ("p\u200b", "p"),
        ("\ufeffp", "p"),
        ("p1", "p1"),
        ("p\u20601", "p1"),
        ("cafe\u0301", "caf\u00e9"),
        ("\u212b", "\u00c5"),
        ("\u200b \ufeff", ""),
        ("a b", "a b"),
        ("\u00b2", "\u00b2"),
    ],
)
def test_what_cannot_be_seen_is_left_out(text, expected):
    assert tidy(text) == expected
    assert tidy(expected) == expected
