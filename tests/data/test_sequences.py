import numpy as np
import pandas as pd
import pytest

from degu.data.letters import check_letters
from degu.data.sequences import (
    as_tokens,
    canonical,
    decode,
    encode,
    gc_content,
    one_hot,
    other_strand,
    other_strand_of_values,
    reverse_complement,
)
from degu.errors import DeguError

PARTNER = {"A": "T", "C": "G", "G": "C", "T": "A", "N": "N"}


def random_sequences(number, length, letters="ACGTN", seed=0):
    rng = np.random.default_rng(seed)
    return ["".join(rng.choice(list(letters), size=length)) for _ in range(number)]


def reverse_complement_of_text(sequence):
    return "".join(PARTNER[letter] for letter in reversed(sequence))


def test_letters_have_the_tokens_of_their_place_in_acgtn():
    tokens = encode(["ACGTN"])
    assert tokens.dtype == np.uint8
    assert tokens.tolist() == [[0, 1, 2, 3, 4]]


def test_lower_case_is_upper_case():
    assert encode(["acgtnACGTN"]).tolist() == [[0, 1, 2, 3, 4] * 2]


def test_encode_agrees_with_a_lookup_of_each_letter():
    sequences = random_sequences(50, 17, "ACGTNacgtn")
    expected = [["ACGTN".index(letter.upper()) for letter in sequence] for sequence in sequences]
    assert encode(sequences).tolist() == expected


def test_decode_undoes_encode():
    sequences = random_sequences(50, 17)
    assert decode(encode(sequences)) == sequences


def test_decode_takes_arrays_that_are_not_contiguous():
    tokens = encode(["ACGT", "TTTT", "GGCA"])
    assert decode(tokens[::2, ::-1]) == ["TGCA", "ACGG"]


def test_sequences_beyond_one_block_are_encoded():
    sequences = ["ACG"] * 32768 + ["TTN", "GCA"]
    tokens = encode(sequences)
    assert tokens.shape == (32770, 3)
    assert decode(tokens[[0, 32767, 32768, 32769]]) == ["ACG", "ACG", "TTN", "GCA"]


def test_bad_letter_names_its_row_and_position():
    with pytest.raises(DeguError, match=r"letter 'X' at position 3, sequence 2 \(1 of 3\)"):
        encode(["ACGT", "ACXT", "ACGT"])


def test_bad_letters_name_the_row_numbers_that_are_given():
    with pytest.raises(DeguError, match=r"my\.tsv: letter '-' at position 1, rows 12, 19 \(2 of 3\)"):
        encode(["ACGT", "-CGT", "ACG*"], where="my.tsv", rows=[11, 12, 19])


@pytest.mark.parametrize("letter", ["\u00e9", "\u03b1", "\U0001f9ec", " ", "\n", "U", "?"])
def test_any_other_letter_is_refused(letter):
    with pytest.raises(DeguError, match="position 2"):
        encode(["ACGT", f"A{letter}GT"])


@pytest.mark.parametrize(
    ("letter", "name", "remedy"),
    [
        (" ", "a blank", "remove it"),
        ("\n", "a line break", "remove it"),
        ("\r", "a line break", "remove it"),
        ("\t", "a tab", "remove it"),
        ("\u00a0", r"a blank \(no-break\)", "remove it"),
        ("\u200b", r"the invisible character U\+200B", "remove it"),
        ("R", "letter 'R'", "replace unknown bases by N"),
        ("x", "letter 'x'", "replace unknown bases by N"),
        ("u", "letter 'u'", "write T in place of U"),
        ("-", "letter '-'", "N stands for a base that is unknown, and not"),
        ("0", "letter '0'", "N stands .*: correct the sequence"),
    ],
)
def test_what_is_no_base_is_named_with_what_to_do(letter, name, remedy):
    with pytest.raises(DeguError, match=rf"^{name} at position 3, sequence 2 (.|\n)*remedy:   {remedy}") as caught:
        encode(["ACGT", f"AC{letter}T"])
    assert not name.startswith(("a", "the")) or "unknown" not in str(caught.value)


@pytest.mark.parametrize("sequences", [["ACGT", "ACGT\n", "ACGT"], ["ACGT\n", "ACGT\n", "ACGT"], ["AC", "ACGT ", "-"]])
def test_blanks_are_told_before_the_lengths_that_they_change(sequences):
    with pytest.raises(DeguError, match=r"^(a line break|a blank) at position 5, sequences? \d(.|\n)*remove it"):
        encode(sequences)


def test_bad_letter_beyond_one_block_names_its_row():
    with pytest.raises(DeguError, match=r"letter 'X' at position 2, sequence 32770 "):
        encode(["ACG"] * 32769 + ["AXG"])


def test_another_length_names_its_row_and_both_lengths():
    with pytest.raises(DeguError, match=r"sequence 3 \(1 of 4\), the first with 5 bases\n  expected: 4 bases"):
        encode(["ACGT", "ACGT", "ACGTA", "ACGT"])


def test_no_sequences_are_refused():
    with pytest.raises(DeguError, match="no sequences"):
        encode([])


def test_empty_sequences_are_refused():
    with pytest.raises(DeguError, match="the sequences are empty"):
        encode(["", ""])


def test_one_hot_has_one_at_the_letter_and_zeros_for_n():
    tokens = encode(["ACGTN", "NNGCA"])
    expected = [[[float("ACGT"[base] == letter) for base in range(4)] for letter in row] for row in decode(tokens)]
    result = one_hot(tokens)
    assert result.dtype == np.float32
    assert result.shape == (2, 5, 4)
    assert result.tolist() == expected


def test_one_hot_takes_any_number_of_leading_axes():
    tokens = np.arange(24).reshape(2, 3, 4) % 5
    assert one_hot(tokens).shape == (2, 3, 4, 4)
    np.testing.assert_array_equal(one_hot(tokens)[1, 2], one_hot(tokens[1, 2]))


def test_reverse_complement_agrees_with_pairing_letters_backwards():
    sequences = random_sequences(50, 13)
    expected = [reverse_complement_of_text(sequence) for sequence in sequences]
    assert decode(reverse_complement(encode(sequences))) == expected


def test_reverse_complement_is_its_own_inverse():
    tokens = encode(random_sequences(50, 13))
    np.testing.assert_array_equal(reverse_complement(reverse_complement(tokens)), tokens)


def test_reverse_complement_turns_each_sequence_alone():
    tokens = np.random.default_rng(0).integers(0, 5, size=(2, 3, 6), dtype=np.uint8)
    np.testing.assert_array_equal(reverse_complement(tokens)[1, 2], reverse_complement(tokens[1, 2]))


def test_gc_content_counts_g_and_c_among_known_bases():
    tokens = encode(["ACGT", "GGCN", "AANN", "NNNN", "GNNT"])
    assert gc_content(tokens).tolist() == [0.5, 1.0, 0.0, 0.5, 0.5]


def test_keys_are_equal_just_for_equal_sequences_and_reverse_complements():
    # Short ones, so that equal ones, reverse complements and palindromes all occur.
    sequences = random_sequences(250, 3, seed=3)
    keys = canonical(encode(sequences))
    known = [sequence.strip("N") for sequence in sequences]
    names = [min(sequence, reverse_complement_of_text(sequence)) for sequence in known]
    assert len(set(names)) < len(names)
    equal = keys[:, None] == keys[None, :]
    expected = np.array([[one == other for other in names] for one in names])
    np.testing.assert_array_equal(equal, expected)


def test_keys_of_poly_a_and_poly_t_are_equal_and_differ_from_shorter_runs():
    keys = canonical(encode(["AAAA", "TTTT", "AAAC", "NAAA"]))
    assert keys[0] == keys[1]
    assert len(set(keys.tolist())) == 3


def test_keys_do_not_depend_on_the_memory_layout():
    tokens = encode(random_sequences(20, 8))
    np.testing.assert_array_equal(canonical(np.asfortranarray(tokens)), canonical(tokens))
    np.testing.assert_array_equal(canonical(np.tile(tokens, 2)[:, 4:12]), canonical(np.roll(tokens, -4, axis=1)))


def test_rna_is_told_how_to_be_dna():
    with pytest.raises(DeguError, match=r"letter 'U' at position 2, sequence 1 (.|\n)*write T in place of U"):
        encode(["AUG"])


def test_what_else_to_do_is_said_by_those_who_know_it():
    for sequences in (["ACGT", "ACG"], ["ACXT", "ACGT"]):
        with pytest.raises(DeguError, match=r"remedy: .*, or drop it$"):
            encode(sequences, or_else=", or drop it")
        with pytest.raises(DeguError) as caught:
            encode(sequences)
        assert "drop" not in str(caught.value)


def test_strings_and_tokens_are_tokens():
    expected = np.array([[0, 1, 2, 3], [4, 4, 0, 0]], dtype=np.uint8)
    strings = ["ACGT", "nnaa"]
    for given in (strings, tuple(strings), np.array(strings), pd.Series(strings), expected, expected.astype(np.int64)):
        found = as_tokens(given)
        assert found.dtype == np.uint8
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("ACGT", r"one string was given\n  expected: a list of strings\n  remedy:   write \[sequence\]"),
        (b"ACGT", "one string was given"),
        (np.eye(4)[None], r"an array of float64 and shape \(1, 4, 4\) was given(.|\n)*np.where"),
        (np.eye(4, dtype=int)[None], r"tokens of shape \(1, 4, 4\) were given(.|\n)*np.where"),
        (np.eye(4, 9, dtype=int)[None], r"tokens of shape \(1, 4, 9\)(.|\n)*np.where\(x.any\(axis=-2\).*4\)$"),
        (np.zeros((1, 3, 9), dtype=int), r"one row for each sequence$"),
        (np.eye(4), r"an array of float64 and shape \(4, 4\)"),
        (np.eye(9, 4), r"shape \(9, 4\)(.|\n)*np.where\(x.any\(axis=-1\).*\[None\]$"),
        (np.eye(4, 9, dtype=bool), r"array of bool and shape \(4, 9\)(.|\n)*np.where\(x.any\(axis=-2\).*\[None\]$"),
        (np.eye(3, 9, dtype=bool), r"an array of bool and shape \(3, 9\) (.|\n)*\(N, L\)$"),
        (
            np.eye(4, 9, dtype=int),
            r"shape \(4, 9\) were given, which may be one one-hot sequence or 4 of tokens(.|\n)*np.where",
        ),
        (np.zeros((4, 9), dtype=int), "one one-hot sequence or 4 of tokens"),
        (np.array([[0.0, 2.0], [4.0, 1.0]]), r"an array of float64 and shape \(2, 2\)(.|\n)*x.astype\(int\)"),
        (np.array([[0, 2], [4, 1]], dtype=object), r"an array of object and shape \(2, 2\)(.|\n)*x.astype\(int\)"),
        (np.array([["ACGT"], ["AACC"]]), r"shape \(2, 1\)(.|\n)*x.ravel\(\)"),
        ([list("ACGT"), list("AACC")], r"shape \(2, 4\)(.|\n)*join the letters"),
        (pd.DataFrame({"name": ["a"], "sequence": ["ACGT"]}), r"shape \(1, 2\)(.|\n)*give the column"),
        ([[0, 1], [0, 1, 2]], "rows of different lengths(.|\n)*pad the shorter ones"),
        ({"ACGT", "AACC"}, "a set was given(.|\n)*in whose order the predictions come"),
        (frozenset(["ACGT"]), "a frozenset was given"),
        ({"a": "ACGT"}, r"a dict was given(.|\n)*list\(x.values\(\)\)"),
        (np.array("ACGT"), r"one string was given(.|\n)*write \[sequence\]"),
        (np.array(b"ACGT"), "one string was given"),
        (np.array(7), "7 was given"),
        (np.array([[0, 1, 0, 0], [0, 0, 0, 0]]), r"shape \(2, 4\)(.|\n)*one-hot arrays x into tokens"),
        (None, "None was given"),
        (7, "7 was given"),
        (np.zeros((0, 9), dtype=int), r"there are no sequences in what was given, of shape \(0, 9\)"),
        (np.arange(4), r"tokens of shape \(4,\) were given(.|\n)*tokens\[None\]"),
        (np.array([[0, 1], [2, 5]]), "token 5 at position 2, sequence 2\n  expected: 0, 1, 2, 3 and 4"),
        (np.array([[0, -1]]), "token -1 at position 2, sequence 1"),
        (["ACGT", None], "sequence 2 is None"),
        (["ACGT", 3.5], "sequence 2 is "),
        ([b"ACGT"], r"sequence 1 is b'ACGT'(.|\n)*decode\(\)"),
        ([], "there are no sequences"),
    ],
)
def test_anything_else_is_told_in_the_words_of_the_one_who_gave_it(given, told):
    with pytest.raises(DeguError, match=told) as caught:
        as_tokens(given)
    assert "data set's file" not in str(caught.value)


@pytest.mark.parametrize("flanks", [(0, 0), (3, 2), (0, 5)])
def test_the_other_strand_of_an_insert_lies_between_the_same_flanks(flanks):
    sequences = random_sequences(20, 15)
    left, right = flanks
    expected = [
        text[:left] + reverse_complement_of_text(text[left : len(text) - right]) + text[len(text) - right :]
        for text in sequences
    ]
    tokens = encode(sequences)
    assert decode(other_strand(tokens, flanks)) == expected
    assert decode(tokens) == sequences


def test_advice_for_one_hot_arrays_keeps_the_unknown_bases():
    expected = encode(["ACGTN", "NNGCA"])
    for x, given in ((one_hot(expected), expected), (one_hot(expected[0]), expected[:1])):
        for turned in (x, x.astype(int), x.astype(bool), np.swapaxes(x, -1, -2), np.swapaxes(x, -1, -2).astype(int)):
            with pytest.raises(DeguError) as caught:
                as_tokens(turned)
            advice = str(caught.value).split("into tokens: ")[1].split(";")[0]
            np.testing.assert_array_equal(eval(advice, {"np": np, "x": turned}), given)


def test_sequences_of_tokens_are_taken_where_they_cannot_be_one_hot():
    np.testing.assert_array_equal(as_tokens(np.eye(3, 4, dtype=int) * 2), np.eye(3, 4) * 2)
    np.testing.assert_array_equal(as_tokens(np.ones((3, 4), dtype=int)), np.ones((3, 4)))
    np.testing.assert_array_equal(as_tokens(np.ones((4, 9), dtype=int)), np.ones((4, 9)))
    np.testing.assert_array_equal(as_tokens(np.eye(4, 9, dtype=int) * 2), np.eye(4, 9) * 2)
    np.testing.assert_array_equal(as_tokens(np.eye(3, 9, dtype=int)), np.eye(3, 9))


def test_letters_of_sequences_of_any_lengths_are_checked():
    check_letters(["A", "", "acgtnACGTN"], where="t", rows=[2, 3, 5])
    for sequence, position in (("ACGTX", 5), ("\u0131", 1), ("AC\u00df", 3), ("ac gt", 3)):
        with pytest.raises(DeguError, match=rf"^t: .* at position {position}, row 3 \(1 of 3\)\n(.|\n)*, or else$"):
            check_letters(["A", sequence, "ACGT"], where="t", rows=[2, 3, 5], or_else=", or else")


@pytest.mark.parametrize("flanks", [(0, 0), (3, 2)])
def test_the_other_strand_of_values_is_that_of_their_tokens(flanks):
    tokens = np.random.default_rng(1).integers(0, 5, size=(6, 20), dtype=np.uint8)
    np.testing.assert_array_equal(
        other_strand_of_values(one_hot(tokens), flanks), one_hot(other_strand(tokens, flanks))
    )
