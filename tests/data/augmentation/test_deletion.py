"""Deletions against all that can be made of a string."""

from collections import defaultdict

import numpy as np
import pytest

from degu.data.augmentation.deletion import augment
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


def delete(sequence: str, start: int, lost: int) -> str:
    left = sequence[:start] + sequence[start + lost :]
    return "?" * (lost // 2) + left + "?" * (lost - lost // 2)


def every_deletion(sequence: str, minimum: int, maximum: int) -> dict[str, float]:
    probability: dict[str, float] = defaultdict(float)
    starts = range(len(sequence) - maximum + 1)
    for lost in range(minimum, maximum + 1):
        for start in starts:
            probability[delete(sequence, start, lost)] += 1 / (maximum - minimum + 1) / len(starts)
    return probability


@pytest.mark.parametrize(("minimum", "maximum"), [(0, 3), (2, 5), (1, 1), (3, 3), (0, 8), (8, 8)])
def test_each_segment_is_lost_as_often_and_the_rest_lies_in_the_middle(minimum, maximum):
    result = augment(lettered(20_000, 8), np.random.default_rng(0), minimum=minimum, maximum=maximum)
    check_distribution(patterns(result), every_deletion("abcdefgh", minimum, maximum))
    check_new_bases(result)


def test_the_contract_is_kept():
    check_contract(augment)


def test_the_length_is_kept_and_no_sequence_gets_bases_of_another():
    """EvoAug-TF's `RandomDeletionBatch` puts its pieces together along the axis of the batch."""
    tokens = lettered(50, 20) + 20 * np.arange(50)[:, None]
    result = augment(tokens, np.random.default_rng(0), minimum=4, maximum=9)
    assert result.shape == tokens.shape
    for own, other in zip(tokens, result, strict=True):
        assert set(other[other >= 4]) <= set(own)


def test_nothing_is_lost_where_no_base_is_to_be():
    tokens = random_tokens(10, 12)
    np.testing.assert_array_equal(augment(tokens, np.random.default_rng(0), minimum=0, maximum=0), tokens)


def test_n_is_kept_or_lost_like_a_base_and_never_new():
    tokens = np.full((200, 15), 4, dtype=np.uint8)
    result = augment(tokens, np.random.default_rng(0), minimum=5, maximum=5)
    assert ((result == 4).sum(axis=1) == 10).all()
    assert (result[:, 2:12] == 4).all()


@pytest.mark.parametrize(("options", "name"), REFUSED_LENGTHS)
def test_numbers_out_of_range_are_refused(options, name):
    check_refused(augment, options, f"deletion.{name}")
