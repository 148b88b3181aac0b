"""What is unusual about a sequence, against counts in strings."""

import itertools

import numpy as np
import pytest
from scipy import stats

from degu.data.sequences import decode
from degu.package.novelty import Novelty, in_words, word_counts


def random_tokens(number, length=60, seed=0, probabilities=(0.3, 0.2, 0.2, 0.3)):
    return np.random.default_rng(seed).choice(4, size=(number, length), p=probabilities).astype(np.uint8)


def test_words_are_counted_as_in_strings():
    tokens = random_tokens(20)
    tokens[3, 10], tokens[4] = 4, 4
    counts = word_counts(tokens)
    for row, text in enumerate(decode(tokens)):
        for number, word in enumerate(map("".join, itertools.product("ACGT", repeat=3))):
            assert counts[row, number] == sum(text[i : i + 3] == word for i in range(58))
    assert counts[4].sum() == 0


def test_the_distance_is_that_of_chi_square():
    tokens = random_tokens(30)
    novelty = Novelty.of_training(tokens, None)
    counts = word_counts(tokens)
    expected = (counts.sum(axis=0) + 1) / (counts.sum() + 64)
    np.testing.assert_allclose(novelty.frequencies, expected)
    assert expected.sum() == pytest.approx(1)
    distances = [stats.chisquare(row, expected * row.sum()).statistic / row.sum() for row in counts]
    assert novelty.ranges["composition"][1] == pytest.approx(np.quantile(distances, 0.99))


def test_few_sequences_of_the_same_kind_are_unusual_and_all_of_another_kind_are():
    rng = np.random.default_rng(2)
    epistemic = rng.gamma(3, size=(4000, 2))
    novelty = Novelty.of_training(random_tokens(4000, seed=1), epistemic)
    same = novelty.reasons(random_tokens(4000, seed=3), {"epistemic": rng.gamma(3, size=(4000, 2))})
    assert same["gc"].mean() < 0.02
    assert same["composition"].mean() < 0.02
    # Either of two targets can be the unusual one.
    assert same["epistemic"].mean() == pytest.approx(0.02, abs=0.01)
    assert not same["unknown_bases"].any()
    other = novelty.reasons(random_tokens(100, seed=4, probabilities=(0.05, 0.45, 0.45, 0.05)), {})
    assert other["gc"].all()
    assert "epistemic" not in other
    repeats = np.tile(np.array([0, 1, 2, 3], dtype=np.uint8), (1, 15))
    # Half of it is G or C, as is usual, but its words are not.
    assert novelty.reasons(repeats, {})["composition"].all()


def test_unknown_bases_are_told():
    novelty = Novelty.of_training(random_tokens(100), None)
    tokens = random_tokens(3)
    tokens[1, :7] = 4
    tokens[2] = 4
    assert novelty.reasons(tokens, {})["unknown_bases"].tolist() == [False, True, True]


def test_it_is_read_back_as_it_was():
    novelty = Novelty.of_training(random_tokens(50), np.random.default_rng(1).gamma(2, size=(50, 1)))
    again = Novelty.from_arrays(novelty.to_arrays())
    np.testing.assert_array_equal(again.frequencies, novelty.frequencies)
    assert again.ranges.keys() == novelty.ranges.keys()
    for name, ends in novelty.ranges.items():
        np.testing.assert_array_equal(again.ranges[name], ends)


def test_reasons_of_each_sequence_are_put_in_words():
    reasons = {"gc": np.array([True, False, True]), "epistemic": np.array([True, False, False])}
    assert in_words(reasons).tolist() == ["gc,epistemic", "", "gc"]
    assert in_words({"gc": np.zeros(0, dtype=bool)}).tolist() == []
