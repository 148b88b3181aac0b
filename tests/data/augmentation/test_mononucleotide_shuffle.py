"""Shuffles of the bases of a sequence."""

from collections import Counter
from itertools import permutations

import numpy as np

from degu.data.augmentation.mononucleotide_shuffle import augment
from degu.data.sequences import decode, encode
from tests.data.augmentation.strings import check_contract, check_distribution, random_tokens


def test_every_base_and_n_is_kept_as_often_in_its_own_sequence():
    """A shuffle along the wrong axis, as in a history of EvoAug, would mix sequences."""
    tokens = random_tokens(50, 33)
    result = augment(tokens, np.random.default_rng(0))
    for old, new in zip(decode(tokens), decode(result), strict=True):
        assert Counter(old) == Counter(new) and old != new


def test_every_order_is_as_likely():
    for sequence in ("ACGT", "AANC"):
        orders = set(permutations(sequence))
        result = decode(augment(encode([sequence] * 5000), np.random.default_rng(0)))
        check_distribution(map(tuple, result), dict.fromkeys(orders, 1 / len(orders)))


def test_the_contract_is_kept():
    check_contract(augment)
