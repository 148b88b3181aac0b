"""Letters outside the alphabet, and what is told of them."""

import pytest

from degu.data.letters import check_letters
from degu.errors import DeguError


def test_sequences_of_several_lengths_may_hold_all_letters_of_dna():
    check_letters(["ACGTN", "acgtn", "A"], where="file", rows=[1, 2, 3])


@pytest.mark.parametrize(
    ("sequence", "message"),
    [
        ("ACU", r"letter 'U' at position 3, row 7 \(1 of 2\)(.|\n)*write T in place of U"),
        ("aRG", r"letter 'R' at position 2, row 7(.|\n)*replace unknown bases by N"),
        ("A CG", r"a blank at position 2, row 7(.|\n)*remove it"),
        ("AC\u200bG", r"invisible character U\+200B at position 3, row 7"),
        ("AC-G", r"letter '-' at position 3, row 7(.|\n)*correct the sequence, or drop it"),
    ],
)
def test_another_letter_is_told_with_its_place_and_a_remedy(sequence, message):
    with pytest.raises(DeguError, match=message):
        check_letters(["ACGT", sequence], where="file", rows=[3, 7], or_else=", or drop it")
