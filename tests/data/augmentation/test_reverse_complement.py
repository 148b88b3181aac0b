"""Reverse complements of some sequences."""

import numpy as np
import pytest
from scipy import stats

from degu.data.augmentation.reverse_complement import augment
from degu.data.sequences import decode
from tests.data.augmentation.strings import SIGNIFICANCE, check_contract, check_refused, random_tokens

COMPLEMENT = str.maketrans("ACGT", "TGCA")


def both_strands(sequence: str) -> tuple[str, str]:
    return sequence, sequence.translate(COMPLEMENT)[::-1]


def test_a_sequence_is_replaced_as_a_whole_or_not_at_all():
    tokens = random_tokens(100, 31)
    result = decode(augment(tokens, np.random.default_rng(0)))
    assert all(new in both_strands(old) for old, new in zip(decode(tokens), result, strict=True))


def test_all_are_replaced_with_probability_1_and_none_with_0():
    tokens = random_tokens(100, 31)
    result = decode(augment(tokens, np.random.default_rng(0), probability=1))
    assert result == [both_strands(sequence)[1] for sequence in decode(tokens)]
    np.testing.assert_array_equal(augment(tokens, np.random.default_rng(0), probability=0), tokens)


@pytest.mark.parametrize("probability", [0.1, 0.5, 0.9])
def test_each_sequence_is_replaced_with_its_probability(probability):
    tokens = np.zeros((5000, 3), dtype=np.uint8)
    replaced = augment(tokens, np.random.default_rng(0), probability=probability)[:, 0] == 3
    assert stats.binomtest(int(replaced.sum()), 5000, probability).pvalue > SIGNIFICANCE


def test_the_contract_is_kept():
    check_contract(augment)


@pytest.mark.parametrize("probability", [-0.1, 1.1, float("nan")])
def test_a_probability_out_of_range_is_refused(probability):
    check_refused(augment, {"probability": probability}, "reverse_complement.probability")
