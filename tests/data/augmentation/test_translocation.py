"""Translocations against all shifts of a string."""

from collections import defaultdict

import numpy as np
import pytest

from degu.data.augmentation.translocation import augment
from tests.data.augmentation.strings import (
    REFUSED_LENGTHS,
    check_contract,
    check_distribution,
    check_refused,
    lettered,
    patterns,
    random_tokens,
)


def shift_right(sequence: str, bases: int) -> str:
    return sequence[len(sequence) - bases :] + sequence[: len(sequence) - bases]


def shift_left(sequence: str, bases: int) -> str:
    return sequence[bases:] + sequence[:bases]


def every_shift(sequence: str, minimum: int, maximum: int) -> dict[str, float]:
    probability: dict[str, float] = defaultdict(float)
    for bases in range(minimum, maximum + 1):
        for shift in (shift_left, shift_right):
            probability[shift(sequence, bases)] += 0.5 / (maximum - minimum + 1)
    return probability


@pytest.mark.parametrize(("minimum", "maximum"), [(0, 3), (2, 5), (3, 3), (0, 8)])
def test_each_shift_is_as_frequent_in_both_directions(minimum, maximum):
    """EvoAug-TF ignores the smallest shift, and shifts one base less to the right than to the left."""
    result = augment(lettered(20_000, 8), np.random.default_rng(0), minimum=minimum, maximum=maximum)
    check_distribution(patterns(result), every_shift("abcdefgh", minimum, maximum))


def test_the_contract_is_kept():
    check_contract(augment)


@pytest.mark.parametrize("bases", [0, 12])
def test_a_shift_by_nothing_or_all_changes_nothing(bases):
    tokens = random_tokens(10, 12)
    np.testing.assert_array_equal(augment(tokens, np.random.default_rng(0), minimum=bases, maximum=bases), tokens)


def test_no_base_and_no_n_is_lost():
    tokens = random_tokens(50, 20)
    result = augment(tokens, np.random.default_rng(0), maximum=20)
    np.testing.assert_array_equal(np.sort(result, axis=1), np.sort(tokens, axis=1))


@pytest.mark.parametrize(("options", "name"), REFUSED_LENGTHS)
def test_numbers_out_of_range_are_refused(options, name):
    check_refused(augment, options, f"translocation.{name}")
