"""Log counts and reverse complements, against loops."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from degu.data.profile_bins import replicate_share_std
from degu.data.profiles import log_counts, replicate_log_counts, reverse_complement_counts, window_measurements


def draw(shape, seed=0, high=5):
    return np.random.default_rng(seed).integers(0, high, size=shape).astype(np.uint16)


@given(
    leading=st.lists(st.integers(1, 3), max_size=2),
    sizes=st.tuples(st.integers(1, 3), st.integers(1, 3), st.sampled_from([1, 2]), st.integers(1, 6)),
    seed=st.integers(0, 99),
)
def test_log_counts_agree_with_loops_for_any_leading_axes(leading, sizes, seed):
    counts = draw((*leading, *sizes), seed)
    depths = np.random.default_rng(seed).uniform(1, 100, size=sizes[:2])
    together, each = log_counts(counts), replicate_log_counts(counts, depths)
    assert together.shape == (*leading, sizes[0])
    assert each.shape == (*leading, *sizes[:2])
    for index in np.ndindex(*leading, sizes[0]):
        own = counts[index]
        target = index[-1]
        assert together[index] == pytest.approx(math.log(1 + sum(map(int, own.ravel()))))
        mean = sum(depths[target]) / sizes[1]
        for replicate in range(sizes[1]):
            scaled = sizes[1] * sum(map(int, own[replicate].ravel())) * mean / depths[target, replicate]
            assert each[(*index, replicate)] == pytest.approx(math.log(1 + scaled))


def test_sums_do_not_overflow_the_16_bits_of_counts():
    counts = np.full((1, 1, 2, 2, 1000), 65535, dtype=np.uint16)
    assert log_counts(counts)[0, 0] == pytest.approx(math.log(1 + 65535 * 4000))
    expected = math.log(1 + 2 * 65535 * 2000)
    np.testing.assert_allclose(replicate_log_counts(counts, np.array([[7.0, 7.0]])), expected)


def test_replicates_that_differ_in_depth_alone_are_equal_to_each_other_and_to_all_together():
    one = draw((50, 1, 1, 2, 20))
    counts = np.concatenate([one, 3 * one], axis=2)
    depths = counts.sum(axis=(0, 3, 4), dtype=float)
    each = replicate_log_counts(counts, depths)
    np.testing.assert_allclose(each, np.repeat(log_counts(counts)[..., None], 2, axis=-1))


@given(strands=st.sampled_from([1, 2]), positions=st.integers(1, 9), seed=st.integers(0, 99))
def test_a_reverse_complement_swaps_strands_and_reverses_positions(strands, positions, seed):
    counts = draw((2, 3, strands, positions), seed)
    turned = reverse_complement_counts(counts)
    for index in np.ndindex(*counts.shape):
        *before, strand, position = index
        assert turned[(*before, strands - 1 - strand, positions - 1 - position)] == counts[index]
    np.testing.assert_array_equal(reverse_complement_counts(turned), counts)


def test_named_measurements_are_those_of_the_functions():
    counts = draw((4, 1, 3, 2, 12), high=9)
    depths = np.array([[5.0, 6.0, 7.0]])
    names = ("mean", "measured", "aleatoric", "replicate_std", "profile", "profile_aleatoric")
    found = window_measurements(counts, depths, names, bins=3)
    assert list(found) == list(names)
    each = replicate_log_counts(counts, depths)
    np.testing.assert_array_equal(found["mean"], log_counts(counts))
    np.testing.assert_array_equal(found["measured"], log_counts(counts))
    np.testing.assert_allclose(found["aleatoric"], np.std(each, axis=-1, ddof=1))
    np.testing.assert_allclose(found["replicate_std"], found["aleatoric"])
    np.testing.assert_array_equal(found["profile"], counts.sum(axis=2))
    np.testing.assert_allclose(found["profile_aleatoric"], replicate_share_std(counts, 3))


def test_without_two_replicates_that_have_counts_no_difference_is_shown():
    counts = draw((2, 1, 3, 2, 12), high=9)
    counts[0, 0, 1:] = 0
    found = window_measurements(counts, np.array([[5.0, 6.0, 7.0]]), ("profile_aleatoric",), bins=3)
    assert (found["profile_aleatoric"][0] == 0).all()
    assert (found["profile_aleatoric"][1] > 0).all()
