"""What is unusual about a sequence, against counts in strings."""

import math

import numpy as np
import pytest

from degu.data.sequences import decode
from degu.package.novelty import Novelty, mean_log_probability


def random_tokens(number, length=60, seed=0, probabilities=(0.3, 0.2, 0.2, 0.3)):
    return np.random.default_rng(seed).choice(4, size=(number, length), p=probabilities).astype(np.uint8)


def test_probabilities_are_counts_of_words_of_four():
    tokens = random_tokens(20)
    tokens[3, 10] = 4
    novelty = Novelty.of_training(tokens, None)
    texts = decode(tokens)
    for word in ("ACG", "TTT", "GAT"):
        counts = [1 + sum(text[i : i + 4] == word + base for text in texts for i in range(57)) for base in "ACGT"]
        row = int("".join(str("ACGT".index(letter)) for letter in word), 4)
        np.testing.assert_allclose(np.exp(novelty.log_probabilities[row]), np.array(counts) / sum(counts))


def test_the_mean_leaves_out_what_is_after_an_unknown_base():
    table = np.log(np.random.default_rng(1).dirichlet([1, 1, 1, 1], size=64))
    tokens = random_tokens(5, length=12)
    tokens[2, 4], tokens[4] = 4, 4
    for row, text in enumerate(decode(tokens)):
        words = [text[i : i + 4] for i in range(9) if "N" not in text[i : i + 4]]
        numbers = [["ACGT".index(letter) for letter in word] for word in words]
        values = [table[16 * a + 4 * b + c, d] for a, b, c, d in numbers]
        expected = sum(values) / len(values) if values else math.log(0.25)
        assert mean_log_probability(tokens, table)[row] == pytest.approx(expected)


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
    np.testing.assert_array_equal(again.log_probabilities, novelty.log_probabilities)
    assert again.ranges.keys() == novelty.ranges.keys()
    for name, ends in novelty.ranges.items():
        np.testing.assert_array_equal(again.ranges[name], ends)
