"""Insertions against all that can be made of a string."""

from collections import defaultdict

import numpy as np
import pytest

from degu.data.augmentation.insertion import augment
from tests.data.augmentation.strings import (
    REFUSED_LENGTHS,
    check_contract,
    check_distribution,
    check_new_bases,
    check_refused,
    lettered,
    patterns,
    random_tokens,
)


def insert(sequence: str, start: int, added: int) -> str:
    longer = sequence[:start] + "?" * added + sequence[start:]
    return longer[added // 2 : added // 2 + len(sequence)]


def every_insertion(sequence: str, minimum: int, maximum: int) -> dict[str, float]:
    probability: dict[str, float] = defaultdict(float)
    for added in range(minimum, maximum + 1):
        for start in range(len(sequence)):
            probability[insert(sequence, start, added)] += 1 / (maximum - minimum + 1) / len(sequence)
    return probability


@pytest.mark.parametrize(("minimum", "maximum"), [(0, 3), (2, 5), (1, 1), (3, 3), (0, 8), (8, 8)])
def test_a_segment_is_put_before_each_base_as_often_and_both_ends_are_trimmed(minimum, maximum):
    result = augment(lettered(20_000, 8), np.random.default_rng(0), minimum=minimum, maximum=maximum)
    check_distribution(patterns(result), every_insertion("abcdefgh", minimum, maximum))
    check_new_bases(result)


def test_the_contract_is_kept():
    check_contract(augment)


def test_nothing_is_put_in_where_no_base_is_to_be():
    """In EvoAug a sequence that is not changed is padded all the same, at prediction too."""
    tokens = random_tokens(10, 12)
    np.testing.assert_array_equal(augment(tokens, np.random.default_rng(0), minimum=0, maximum=0), tokens)


def test_n_is_kept_or_trimmed_like_a_base_and_never_new():
    tokens = np.full((200, 15), 4, dtype=np.uint8)
    result = augment(tokens, np.random.default_rng(0), minimum=5, maximum=5)
    known = (result != 4).sum(axis=1)
    assert known.max() == 5 and known.min() == 3


@pytest.mark.parametrize(("options", "name"), REFUSED_LENGTHS)
def test_numbers_out_of_range_are_refused(options, name):
    check_refused(augment, options, f"insertion.{name}")
