"""Crossovers against all that can be made of two strings."""

from itertools import combinations

import numpy as np

from degu.data.augmentation.two_point_crossover import augment
from tests.data.augmentation.strings import check_distribution, lettered, patterns, random_tokens


def every_crossover(own: str, other: str) -> dict[str, float]:
    cuts = list(combinations(range(len(own) + 1), 2))
    return {own[:first] + other[first:last] + own[last:]: 1 / len(cuts) for first, last in cuts}


def test_each_segment_comes_from_the_other_sequence_as_often():
    own, other = lettered(1, 6), lettered(1, 6) + 10
    rng = np.random.default_rng(0)
    made = [patterns(augment(np.concatenate([own, other]), rng)) for _ in range(4000)]
    check_distribution([first for first, _ in made], every_crossover("abcdef", "klmnop"))
    check_distribution([second for _, second in made], every_crossover("klmnop", "abcdef"))


def partners(result: np.ndarray) -> list[set[int]]:
    """Return the rows that the bases of each row of `rows_of_own` come from, besides itself."""
    return [set(row) - {index} for index, row in enumerate(result.tolist())]


def rows_of_own(rows: int, length: int) -> np.ndarray:
    """Return sequences whose values are the number of their row."""
    return np.repeat(np.arange(rows)[:, None], length, axis=1)


def test_a_sequence_is_crossed_with_one_other_and_never_with_itself():
    assert {len(found) for found in partners(augment(rows_of_own(500, 30), np.random.default_rng(0)))} == {1}


def test_each_other_sequence_is_the_partner_as_often():
    rng = np.random.default_rng(0)
    found = [partners(augment(rows_of_own(5, 4), rng))[2] for _ in range(3000)]
    check_distribution([row for each in found for row in each], dict.fromkeys((0, 1, 3, 4), 0.25))


def test_bases_and_n_keep_their_positions():
    tokens = random_tokens(60, 25)
    result = augment(tokens, np.random.default_rng(0))
    assert all(set(result[:, place]) <= set(tokens[:, place]) for place in range(25))


def test_a_sequence_without_another_stays_as_it_is():
    tokens = random_tokens(1, 25)
    result = augment(tokens, np.random.default_rng(0))
    np.testing.assert_array_equal(result, tokens)
    assert not np.shares_memory(result, tokens)


def test_the_contract_is_kept():
    # Crossovers of equal sequences are equal.
    tokens = random_tokens(40, 30)
    result = augment(tokens, np.random.default_rng(1))
    assert result.shape == tokens.shape and result.dtype == np.uint8
    np.testing.assert_array_equal(tokens, random_tokens(40, 30))
    np.testing.assert_array_equal(augment(tokens.astype(np.int64), np.random.default_rng(1)), result)
    assert (augment(tokens, np.random.default_rng(2)) != result).any()
    assert augment(tokens[:0], np.random.default_rng(1)).shape == (0, 30)
