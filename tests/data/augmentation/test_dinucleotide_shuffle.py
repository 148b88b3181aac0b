"""Shuffles that keep dinucleotides; `tests/data/test_dinucleotides.py` has more of them."""

from collections import Counter
from itertools import pairwise, permutations

import numpy as np
import pytest

from degu.data.augmentation.dinucleotide_shuffle import augment
from degu.data.sequences import decode, encode
from tests.data.augmentation.strings import check_contract, check_distribution, random_tokens


def dinucleotides(sequence: str) -> Counter:
    return Counter(pairwise(sequence))


@pytest.mark.parametrize("length", [3, 20, 249])
def test_every_dinucleotide_is_kept_as_often_and_the_first_and_last_base(length):
    tokens = random_tokens(40, length)
    for old, new in zip(decode(tokens), decode(augment(tokens, np.random.default_rng(0))), strict=True):
        assert dinucleotides(old) == dinucleotides(new)
        assert (old[0], old[-1]) == (new[0], new[-1])


@pytest.mark.parametrize("sequence", ["ACAGACGA", "AACCAACA", "ANCANACN"])
def test_every_sequence_of_the_same_dinucleotides_is_as_likely(sequence):
    inner = {"".join(order) for order in permutations(sequence[1:])}
    possible = [sequence[0] + rest for rest in inner if dinucleotides(sequence[0] + rest) == dinucleotides(sequence)]
    result = decode(augment(encode([sequence] * 4000), np.random.default_rng(0)))
    assert len(possible) > 2
    check_distribution(result, dict.fromkeys(possible, 1 / len(possible)))


def test_the_contract_is_kept():
    check_contract(augment)


def test_two_calls_with_one_source_of_draws_are_different():
    rng, tokens = np.random.default_rng(0), random_tokens(10, 40)
    assert (augment(tokens, rng) != augment(tokens, rng)).any(axis=1).all()
