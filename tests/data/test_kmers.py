"""Counts of k-mers against a dictionary of words."""

from collections import Counter
from itertools import product

import numpy as np
import pytest

from degu.data.kmers import canonical_index, count_kmers
from degu.data.sequences import decode


def canonical_word(word):
    return min(word, word.translate(str.maketrans("ACGT", "TGCA"))[::-1])


def words(k):
    return ["".join(letters) for letters in product("ACGT", repeat=k)]


def dictionary_counts(sequence, k):
    windows = (sequence[start : start + k] for start in range(len(sequence) - k + 1))
    return Counter(canonical_word(window) for window in windows if "N" not in window)


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_words_share_an_index_just_with_their_reverse_complement(k):
    index = canonical_index(k)
    assert index.shape == (4**k,)
    names = [canonical_word(word) for word in words(k)]
    assert len(set(index)) == len(set(names)) == len(set(zip(index, names, strict=True)))
    assert sorted(set(index)) == list(range(len(set(names))))


@pytest.mark.parametrize(("k", "number"), [(1, 2), (2, 10), (3, 32), (4, 136), (6, 2080)])
def test_number_of_canonical_words_is_the_known_one(k, number):
    # (4^k + palindromes) / 2, with 4^(k/2) palindromes for an even k and none for an odd one.
    assert canonical_index(k).max() + 1 == number


@pytest.mark.parametrize("k", [1, 3, 4, 6])
def test_counts_agree_with_a_dictionary_of_canonical_words(k):
    tokens = np.random.default_rng(0).integers(0, 4, size=(12, 60), dtype=np.uint8)
    tokens[np.random.default_rng(1).random(tokens.shape) < 0.05] = 4
    counts = count_kmers(tokens, k)
    assert counts.dtype == np.float32
    column = dict(zip(words(k), canonical_index(k), strict=True))
    expected = np.zeros(counts.shape)
    for row, sequence in enumerate(decode(tokens)):
        for word, count in dictionary_counts(sequence, k).items():
            expected[row, column[word]] = count
    np.testing.assert_array_equal(counts.toarray(), expected)
    assert 0 < expected.sum() < 12 * (60 - k + 1)


def test_sequence_and_its_reverse_complement_have_the_same_counts():
    tokens = np.random.default_rng(0).integers(0, 4, size=(5, 30), dtype=np.uint8)
    np.testing.assert_array_equal(count_kmers(tokens, 4).toarray(), count_kmers(3 - tokens[:, ::-1], 4).toarray())


def test_sequence_of_unknown_bases_has_no_counts():
    counts = count_kmers(np.full((2, 10), 4, dtype=np.uint8), 3)
    assert counts.shape == (2, 32)
    assert counts.sum() == 0
