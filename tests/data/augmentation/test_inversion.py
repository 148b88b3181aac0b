"""Inversions against all that can be made of a string."""

from collections import defaultdict

import numpy as np
import pytest

from degu.data.augmentation.inversion import augment
from degu.data.sequences import decode, encode
from tests.data.augmentation.strings import (
    REFUSED_LENGTHS,
    check_contract,
    check_distribution,
    check_refused,
    random_tokens,
)

COMPLEMENT = str.maketrans("ACGT", "TGCA")


def invert(sequence: str, start: int, inverted: int) -> str:
    segment = sequence[start : start + inverted].translate(COMPLEMENT)[::-1]
    return sequence[:start] + segment + sequence[start + inverted :]


def every_inversion(sequence: str, minimum: int, maximum: int) -> dict[str, float]:
    probability: dict[str, float] = defaultdict(float)
    starts = range(len(sequence) - maximum + 1)
    for inverted in range(minimum, maximum + 1):
        for start in starts:
            probability[invert(sequence, start, inverted)] += 1 / (maximum - minimum + 1) / len(starts)
    return probability


@pytest.mark.parametrize("sequence", ["AACGTNCA", "GATTACAC"])
@pytest.mark.parametrize(("minimum", "maximum"), [(0, 3), (2, 5), (1, 1), (3, 3), (0, 8), (8, 8)])
def test_each_segment_is_inverted_as_often(sequence, minimum, maximum):
    tokens = encode([sequence] * 20_000)
    result = augment(tokens, np.random.default_rng(0), minimum=minimum, maximum=maximum)
    check_distribution(decode(result), every_inversion(sequence, minimum, maximum))


def test_the_contract_is_kept():
    check_contract(augment)


def test_nothing_is_inverted_where_no_base_is_to_be():
    tokens = random_tokens(10, 12)
    np.testing.assert_array_equal(augment(tokens, np.random.default_rng(0), minimum=0, maximum=0), tokens)


def test_n_stays_as_often():
    tokens = random_tokens(100, 40)
    result = augment(tokens, np.random.default_rng(0), maximum=40)
    np.testing.assert_array_equal((result == 4).sum(axis=1), (tokens == 4).sum(axis=1))


@pytest.mark.parametrize(("options", "name"), REFUSED_LENGTHS)
def test_numbers_out_of_range_are_refused(options, name):
    check_refused(augment, options, f"inversion.{name}")
