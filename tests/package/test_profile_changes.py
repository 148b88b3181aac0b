"""Distances between profiles, against SciPy and bases that are told apart by their names."""

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon

from degu.package.profile_changes import aligned, profile_distance

RNG = np.random.default_rng(1)
POSITIONS = 10


def by_names(first, second, start, removed, inserted):
    """Return the profiles, (S, P), at each base that both show.

    A base left of the alleles is named by its distance from them, and so is one on their right.
    """
    named = []
    for profile, bases in ((first, removed), (second, inserted)):
        own = {}
        for position in range(POSITIONS):
            place = position - start
            if not 0 <= place < bases:
                own["left" if place < 0 else "right", place if place < 0 else place - bases] = profile[:, position]
        named.append(own)
    names = sorted(named[0].keys() & named[1].keys())
    return tuple(np.array([own[name] for name in names]).reshape(-1, len(first)).T for own in named)


@pytest.mark.parametrize("start", [-20, -6, -3, -1, 0, 4, 8, 9, 10, 15])
@pytest.mark.parametrize(("removed", "inserted"), [(1, 4), (4, 1), (2, 2), (1, 30), (30, 1), (7, 6)])
def test_bases_that_both_alleles_have_stand_together(start, removed, inserted):
    first, second = RNG.random((2, 2, POSITIONS))
    found = aligned(first, second, start, removed, inserted)
    for own, expected in zip(found, by_names(first, second, start, removed, inserted), strict=True):
        np.testing.assert_array_equal(own, expected)


def test_a_shift_alone_is_no_distance():
    long = RNG.random((1, 1, 2, POSITIONS + 3))
    first, second = long[..., :POSITIONS], np.delete(long, [5, 6, 7], axis=-1)
    assert second.shape == first.shape
    edits = np.array([[4, 4, 1]])
    np.testing.assert_allclose(profile_distance(first, second, edits), 0, atol=1e-7)
    assert profile_distance(first, second)[0, 0] > 0.1


def test_without_a_base_that_both_show_there_is_no_distance():
    first, second = RNG.random((2, 1, 1, 2, POSITIONS))
    assert np.isnan(profile_distance(first, second, np.array([[-1, 20, 1]]))).all()


def test_alleles_of_one_length_are_compared_position_by_position():
    first, second = RNG.random((2, 3, 2, 2, POSITIONS))
    expected = [[jensenshannon(first[n, t].ravel(), second[n, t].ravel()) for t in range(2)] for n in range(3)]
    np.testing.assert_allclose(profile_distance(first, second), expected)
    np.testing.assert_allclose(profile_distance(first, second, np.array([[3, 1, 1], [3, 4, 4], [0, 2, 2]])), expected)
