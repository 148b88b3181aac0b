"""Which rows each member of an ensemble is trained on."""

import numpy as np
import pytest

from degu.data.resampling import METHODS, resampling_counts
from degu.errors import DeguError


def grouped(groups: int, seed: int = 1) -> np.ndarray:
    """Return the group numbers of rows in groups of one to four, shuffled; the numbers leave gaps."""
    rng = np.random.default_rng(seed)
    return rng.permutation(np.repeat(3 * np.arange(groups) + 7, rng.integers(1, 5, size=groups)))


@pytest.mark.parametrize("method", METHODS)
def test_a_member_is_given_each_row_a_whole_number_of_times(method):
    groups = grouped(20)
    counts = resampling_counts(groups, 4, method, 1)
    assert counts.shape == (4, len(groups))
    assert np.issubdtype(counts.dtype, np.integer)
    assert counts.min() == 0
    assert np.repeat(np.arange(len(groups)), counts[0]).size == counts[0].sum() > 0


@pytest.mark.parametrize("method", METHODS)
def test_a_group_is_drawn_or_left_out_as_a_whole(method):
    groups = grouped(30)
    counts = resampling_counts(groups, 5, method, 2)
    for group in np.unique(groups):
        assert (counts[:, groups == group] == counts[:, groups == group][:, :1]).all()


@pytest.mark.parametrize(("groups", "members"), [(30, 5), (31, 5), (7, 7), (9, 2)])
def test_folds_are_a_partition_of_nearly_equally_many_groups(groups, members):
    of_row = grouped(groups)
    counts = resampling_counts(of_row, members, "folds", 3)
    assert set(counts.ravel().tolist()) == {0, 1}
    np.testing.assert_array_equal((counts == 0).sum(axis=0), 1)
    sizes = [len(np.unique(of_row[counts[member] == 0])) for member in range(members)]
    assert sum(sizes) == groups
    assert max(sizes) - min(sizes) <= 1


def test_a_bootstrap_draws_as_many_groups_as_there_are():
    groups = grouped(40)
    counts = resampling_counts(groups, 6, "bootstrap", 4)
    first = [np.flatnonzero(groups == group)[0] for group in np.unique(groups)]
    np.testing.assert_array_equal(counts[:, first].sum(axis=1), 40)
    assert counts.max() > 1


def test_a_bootstrap_includes_a_row_with_the_probability_that_it_should():
    groups = np.arange(200)
    counts = resampling_counts(groups, 200, "bootstrap", 5)
    # 1 - (1 - 1/n)^n, which tends to 1 - 1/e; five standard errors of 40,000 nearly independent draws.
    assert (counts > 0).mean() == pytest.approx(1 - (1 - 1 / 200) ** 200, abs=5 * np.sqrt(0.25 / counts.size))
    assert (counts > 0).mean() == pytest.approx(1 - 1 / np.e, abs=0.01)
    # The numbers of draws of a row are binomial, next to Poisson's.
    assert counts.var() == pytest.approx(1 - 1 / 200, rel=0.05)


def test_members_of_a_bootstrap_differ():
    counts = resampling_counts(np.arange(50), 10, "bootstrap", 6)
    assert len({tuple(row) for row in counts.tolist()}) == 10


@pytest.mark.parametrize("method", METHODS)
def test_a_seed_gives_the_same_draws_twice_and_another_seed_others(method):
    groups = grouped(40)
    first, again, other = (resampling_counts(groups, 5, method, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_draws_do_not_depend_on_other_random_numbers_nor_on_how_groups_are_numbered():
    groups = grouped(40)
    first = resampling_counts(groups, 5, "folds", 1)
    np.random.default_rng().normal(size=9)
    np.testing.assert_array_equal(resampling_counts(groups, 5, "folds", 1), first)
    np.testing.assert_array_equal(resampling_counts(10 * groups + 1, 5, "folds", 1), first)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("groups", "members"), [(3, 4), (1, 1), (1, 2)])
def test_fewer_groups_than_members_are_refused(method, groups, members):
    with pytest.raises(DeguError, match=f"resampling: {method}: {groups} groups for {members} members"):
        resampling_counts(np.repeat(np.arange(groups), 10), members, method, 1)
