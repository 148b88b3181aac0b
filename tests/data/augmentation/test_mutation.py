"""Mutations: how many, where, and to which bases."""

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from degu.data.augmentation.mutation import augment
from degu.data.sequences import decode
from tests.data.augmentation.strings import (
    SIGNIFICANCE,
    check_contract,
    check_distribution,
    check_new_bases,
    check_refused,
    lettered,
    patterns,
    random_tokens,
)


@pytest.mark.parametrize(
    ("fraction", "length", "number"),
    # Python rounds a half to the even number, as EvoAug does.
    [(0.05, 249, 17), (0.05, 200, 13), (0.15, 600, 120), (0.05, 7, 0), (0.75, 30, 30), (0, 30, 0), (0.375, 5, 2)],
)
def test_the_same_number_of_positions_is_drawn_in_every_sequence(fraction, length, number):
    result = augment(lettered(300, length), np.random.default_rng(0), fraction=fraction)
    assert [pattern.count("?") for pattern in patterns(result)] == [number] * 300


def test_all_other_bases_stay_in_their_places():
    result = patterns(augment(lettered(100, 20), np.random.default_rng(0), fraction=0.2))
    before = patterns(lettered(1, 20))[0]
    assert all(new in ("?", old) for pattern in result for new, old in zip(pattern, before, strict=True))


def test_each_choice_of_positions_is_as_likely_and_each_base():
    result = augment(lettered(20_000, 6), np.random.default_rng(0), fraction=0.25)
    drawn = [tuple(place for place, letter in enumerate(pattern) if letter == "?") for pattern in patterns(result)]
    check_distribution(drawn, dict.fromkeys(combinations(range(6), 2), 1 / 15))
    check_new_bases(result)


def test_the_fraction_is_that_of_bases_that_change():
    tokens = random_tokens(500, 300, letters=4)
    result = augment(tokens, np.random.default_rng(1), fraction=0.15)
    before, after = "".join(decode(tokens)), "".join(decode(result))
    changed = sum(old != new for old, new in zip(before, after, strict=True))
    # Of 60 positions in each sequence, three quarters change.
    assert stats.binomtest(changed, 500 * 60, 0.75).pvalue > SIGNIFICANCE


def test_the_contract_is_kept():
    check_contract(augment)


def test_n_stays_where_it_is_and_is_never_new():
    tokens = random_tokens(100, 40)
    result = augment(tokens, np.random.default_rng(0), fraction=0.75)
    np.testing.assert_array_equal(result == 4, tokens == 4)


@pytest.mark.parametrize("fraction", [-0.01, 0.76, 5, float("nan"), float("inf")])
def test_a_fraction_out_of_range_is_refused(fraction):
    check_refused(augment, {"fraction": fraction}, "mutation.fraction")
