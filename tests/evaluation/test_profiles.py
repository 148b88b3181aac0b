"""Scores of profiles against SciPy's, region by region."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as drawn
from scipy import stats
from scipy.spatial.distance import jensenshannon

from degu.evaluation import profiles
from degu.evaluation.profiles import (
    bits_per_count,
    distance_between_replicates,
    distance_to_other_replicates,
    distance_to_shuffled,
    distance_to_uniform,
    jensen_shannon_distance,
    mean_profile,
    normalised_distance,
    profile_correlation,
)
from tests.drawing import same_each_time

LARGEST = np.sqrt(np.log(2))
SHAPE = (7, 2, 2, 15)


def some_counts(*shape: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).poisson(1.5, size=shape or SHAPE).astype(np.uint16)


def some_probabilities(seed: int = 2) -> np.ndarray:
    return np.random.default_rng(seed).dirichlet(np.ones(30), size=SHAPE[:2]).reshape(SHAPE)


def by_region(function, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return a function of two flat profiles for each region and target."""
    leading = first.shape[:2]
    values = [function(first[place].ravel(), second[place].ravel()) for place in np.ndindex(leading)]
    return np.reshape(values, leading)


@pytest.fixture(params=[None, 100, 1])
def block(request, monkeypatch):
    """Values that are held at a time: all of them, three regions, or less than one."""
    if request.param is not None:
        monkeypatch.setattr(profiles, "_VALUES", request.param)


@pytest.mark.usefixtures("block")
def test_the_distance_is_that_of_scipy_over_strands_and_positions_together():
    predicted, counts = some_probabilities(), some_counts()
    found = jensen_shannon_distance(predicted, counts)
    np.testing.assert_allclose(found, by_region(jensenshannon, predicted, counts.astype(float)), rtol=1e-10)


@pytest.mark.usefixtures("block")
def test_a_region_without_counts_has_no_scores():
    predicted, counts = some_probabilities(), some_counts()
    counts[3, 1] = 0
    replicates = np.stack([counts, counts], axis=2)
    scores = [
        jensen_shannon_distance(predicted, counts),
        jensen_shannon_distance(counts, predicted),
        distance_to_uniform(counts),
        distance_to_shuffled(counts, 1),
        normalised_distance(jensen_shannon_distance(predicted, counts), distance_to_uniform(counts)),
        bits_per_count(predicted, counts),
        profile_correlation(predicted, counts),
        distance_to_other_replicates(replicates)[..., 0],
        distance_between_replicates(replicates)[..., 0],
    ]
    for score in scores:
        assert score.shape == (7, 2)
        assert np.argwhere(np.isnan(score)).tolist() == [[3, 1]]


values = drawn.arrays(np.float64, (3, 1, 1, 6), elements=st.sampled_from([0.0, 1.0, 2.0, 1e-9, 0.3, 5e4]))


@same_each_time
@given(first=values, second=values)
def test_the_distance_is_symmetric_and_from_zero_to_the_root_of_the_logarithm_of_two(first, second):
    found = jensen_shannon_distance(first, second)
    np.testing.assert_array_equal(found, jensen_shannon_distance(second, first))
    known = (first.sum(axis=(-2, -1)) > 0) & (second.sum(axis=(-2, -1)) > 0)
    np.testing.assert_array_equal(np.isfinite(found), known)
    assert (found[known] >= 0).all() and (found[known] <= LARGEST + 1e-12).all()
    apart = known & ((first * second).sum(axis=(-2, -1)) == 0)
    np.testing.assert_allclose(found[apart], LARGEST, rtol=1e-12)


@same_each_time
@given(first=values, depth=st.sampled_from([1.0, 2.0, 1024.0]))
def test_the_distance_of_equal_profiles_is_zero_whatever_their_depths(first, depth):
    found = jensen_shannon_distance(first, depth * first)
    np.testing.assert_allclose(found[np.isfinite(found)], 0, atol=1e-7)


def test_the_distance_to_uniform_and_to_one_profile_for_all_regions():
    counts = some_counts()
    flat = np.full(counts.shape, 1 / 30)
    np.testing.assert_allclose(distance_to_uniform(counts), by_region(jensenshannon, counts.astype(float), flat))
    one = some_probabilities()[0]
    expected = by_region(jensenshannon, counts.astype(float), np.broadcast_to(one, counts.shape))
    np.testing.assert_allclose(jensen_shannon_distance(one, counts), expected)
    np.testing.assert_allclose(jensen_shannon_distance(counts, one), expected)


@pytest.mark.usefixtures("block")
def test_the_mean_profile_is_over_the_regions_that_have_counts():
    counts = some_counts()
    counts[2, 0] = 0
    expected = np.zeros((2, 2, 15))
    for target in range(2):
        known = [region[target] / region[target].sum() for region in counts.astype(float) if region[target].any()]
        expected[target] = sum(known) / len(known)
    np.testing.assert_allclose(mean_profile(counts), expected, rtol=1e-12)
    counts[:, 1] = 0
    assert np.isnan(mean_profile(counts)[1]).all()


def test_shuffling_keeps_the_counts_of_each_strand_and_follows_the_seed(monkeypatch):
    counts = some_counts()
    first = distance_to_shuffled(counts, 5)
    monkeypatch.setattr(profiles, "_VALUES", 1)
    np.testing.assert_array_equal(distance_to_shuffled(counts, 5), first)
    assert not np.array_equal(distance_to_shuffled(counts, 6), first)
    # With one position in each strand there is nothing to shuffle; with one count, its place is hit 1 in P times.
    np.testing.assert_array_equal(distance_to_shuffled(counts[..., :1] + 1, 5), 0)
    single = np.zeros((3000, 1, 1, 10), dtype=np.uint16)
    single[..., 4] = 3
    found = distance_to_shuffled(single, 5)
    assert set(np.round(np.unique(found), 6)) == {0, round(LARGEST, 6)}
    assert (found == 0).mean() == pytest.approx(0.1, abs=0.02)


@pytest.mark.usefixtures("block")
def test_replicates_are_compared_with_each_other_and_with_the_sum_of_the_others():
    counts = some_counts(7, 2, 3, 2, 15)
    counts[0, 0, 1] = 0
    parts = counts.astype(float)
    others = distance_to_other_replicates(counts)
    pairs = distance_between_replicates(counts)
    assert (others.shape, pairs.shape) == ((7, 2, 3), (7, 2, 3))
    for replicate in range(3):
        rest = parts.sum(axis=2) - parts[:, :, replicate]
        with np.errstate(invalid="ignore"):
            expected = by_region(jensenshannon, parts[:, :, replicate], rest)
        np.testing.assert_allclose(others[..., replicate], expected)
    for index, (one, other) in enumerate([(0, 1), (0, 2), (1, 2)]):
        with np.errstate(invalid="ignore"):
            expected = by_region(jensenshannon, parts[:, :, one], parts[:, :, other])
        np.testing.assert_allclose(pairs[..., index], expected)


def test_the_normalised_distance_is_one_for_the_counts_and_zero_for_the_uniform_profile():
    counts = some_counts()
    predicted = counts + 10 * some_probabilities()
    predicted[0] = some_probabilities()[0]
    uniform = distance_to_uniform(counts)

    def published(distance: float, largest: float) -> float:
        """The rule of ChromBPNet, whose smallest distance is 0."""
        return min(max((distance - largest) / (0 - largest), 0), 1)

    distance = jensen_shannon_distance(predicted, counts)
    expected = np.vectorize(published, otypes=[float])(distance, uniform)
    assert (expected > 0.1).sum() > 10 and (expected == 0).any()
    np.testing.assert_allclose(normalised_distance(distance, uniform), expected)
    np.testing.assert_allclose(normalised_distance(jensen_shannon_distance(counts, counts), uniform), 1, atol=1e-6)
    np.testing.assert_array_equal(normalised_distance(uniform, uniform), 0)
    np.testing.assert_array_equal(normalised_distance(uniform * 1.2, uniform), 0)
    assert np.isnan(normalised_distance(np.zeros(1), np.zeros(1))).all()


@pytest.mark.usefixtures("block")
def test_bits_a_count_are_the_difference_of_multinomial_likelihoods():
    counts, predicted = some_counts(), some_probabilities()

    def expected(probabilities: np.ndarray, observed: np.ndarray) -> float:
        number = int(observed.sum())
        own, uniform = (stats.multinomial.logpmf(observed, number, one) for one in (probabilities, np.full(30, 1 / 30)))
        return (own - uniform) / number / np.log(2)

    np.testing.assert_allclose(bits_per_count(predicted, counts), by_region(expected, predicted, counts), rtol=1e-9)
    np.testing.assert_allclose(bits_per_count(np.ones(SHAPE), counts), 0, atol=1e-12)
    entropy = by_region(lambda p, _: stats.entropy(p, base=2), counts.astype(float), predicted)
    np.testing.assert_allclose(bits_per_count(counts, counts), np.log2(30) - entropy, rtol=1e-9)
    where_counts_are = np.where(counts == counts.max(axis=(-2, -1), keepdims=True), 0.0, 1.0)
    assert (bits_per_count(where_counts_are, counts) == -np.inf).all()


@pytest.mark.usefixtures("block")
def test_the_correlation_is_pearsons_and_unknown_for_a_constant_profile():
    counts, predicted = some_counts(), some_probabilities()
    expected = by_region(lambda p, q: stats.pearsonr(p, q).statistic, predicted, counts.astype(float))
    np.testing.assert_allclose(profile_correlation(predicted, counts), expected, rtol=1e-9)
    assert np.isnan(profile_correlation(np.ones(SHAPE) / 30, counts)).all()
