"""Bases that a configuration names, and what is told of other letters."""

import pytest

from degu.config.bases import check_bases, is_invisible, other_letter
from degu.errors import DeguError


@pytest.mark.parametrize("bases", ["", "ACGTN", "acgtn", " AC\n"])
def test_bases_with_blanks_around_them_pass(bases):
    check_bases(bases, where="x")


@pytest.mark.parametrize(
    ("bases", "message"),
    [
        ("ACU", r"letter 'U' at position 3\n  expected: letters ACGTN\n  remedy:   write T in place of U"),
        ("  ACU", "letter 'U' at position 3"),
        ("AC GT", "a blank at position 3"),
        ("A-C", "letter '-' at position 2"),
        ("15", "letter '1' at position 1"),
    ],
)
def test_another_letter_is_told_with_its_position(bases, message):
    with pytest.raises(DeguError, match=f"^x: {message}"):
        check_bases(bases, where="x")


def test_the_rows_of_a_letter_are_told_and_what_else_may_be_done():
    error = str(other_letter("R", 1, "row 7", where="file", or_else=", or drop it"))
    assert error.startswith("file: letter 'R' at position 2, row 7\n") and error.endswith("by N, or drop it")


@pytest.mark.parametrize(("letter", "expected"), [(" ", True), ("\ufeff", True), ("A", False), ("-", False)])
def test_blanks_and_the_like_cannot_be_seen(letter, expected):
    assert is_invisible(letter) == expected
