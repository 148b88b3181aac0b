"""Sequences as a person gives them."""

import numpy as np
import pandas as pd
import pytest

from degu.data.sequences import encode, one_hot
from degu.errors import DeguError
from degu.library.sequences import constructs_of, tokens_of
from degu.package.construct import Construct

STRINGS = ["ACGTN", "TTTTA"]
TOKENS = np.array([[0, 1, 2, 3, 4], [3, 3, 3, 3, 0]], dtype=np.uint8)


@pytest.mark.parametrize(
    "given",
    [
        STRINGS,
        tuple(STRINGS),
        ["acgtn", "TtTtA"],
        np.array(STRINGS),
        pd.Series(STRINGS, index=[7, 3]),
        TOKENS,
        TOKENS.astype(int),
        one_hot(TOKENS),
        one_hot(TOKENS).astype(bool),
        one_hot(TOKENS).astype(np.int8),
    ],
)
def test_strings_tokens_and_one_hot_arrays_are_the_same_sequences(given):
    tokens = tokens_of(given)
    assert tokens.dtype == np.uint8
    np.testing.assert_array_equal(tokens, TOKENS)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("ACGT", r"one string was given(?s:.*)write \[sequence\]"),
        (["ACGU"], "letter 'U' at position 4(?s:.*)write T in place of U"),
        (["ACGT", "AC", "ACGT"], r"sequences differ in length: sequence 2 \(1 of 3\)(?s:.*)4 bases"),
        ([], "there are no sequences"),
        (["ACGT", None], "sequence 2 is None"),
        (["AC-T"], "letter '-' at position 3"),
        (one_hot(TOKENS).transpose(0, 2, 1), r"shape \(2, 4, 5\)(?s:.*)order A, C, G, T(?s:.*)transpose\(0, 2, 1\)"),
        (np.zeros((2, 5, 5)), r"shape \(2, 5, 5\)(?s:.*)one-hot array of shape \(N, L, 4\)"),
        (np.zeros((0, 5, 4)), "there are no sequences"),
        (np.full((1, 5, 4), 0.25), "0.25, 0.25, 0.25, 0.25 at position 1(?s:.*)zeros for an unknown base"),
        (one_hot(TOKENS) * 0.5, "sequence 1 has the values 0.5, 0, 0, 0(?s:.*)not probabilities"),
        (np.ones((1, 3, 4)), "sequence 1 has the values 1, 1, 1, 1 at position 1"),
        (one_hot(TOKENS)[0], "turn one-hot arrays x into tokens"),
    ],
)
def test_what_are_no_sequences_is_told(given, told):
    with pytest.raises(DeguError, match=told):
        tokens_of(given)


def test_sequences_have_the_length_of_the_insert_or_of_the_construct():
    construct = Construct(8, "GG", "C")
    np.testing.assert_array_equal(constructs_of(STRINGS, construct), encode(["GGACGTNC", "GGTTTTAC"]))
    np.testing.assert_array_equal(constructs_of(["ACGTACGT"], construct), encode(["ACGTACGT"]))
    with pytest.raises(DeguError, match=r"have 6 bases(?s:.*)5 bases, as in training, or 8 with both flanks"):
        constructs_of(["ACGTAC"], construct)
    with pytest.raises(DeguError, match=r"expected: 5 bases, as in training\n"):
        constructs_of(["ACGTAC"], Construct(5))
