"""Distances between profiles, against SciPy and bases that are told apart by their names."""

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon

from degu.package.profile_changes import aligned, profile_distance

RNG = np.random.default_rng(1)
POSITIONS = 10


def by_names(first, second, start, removed, inserted):
    """Return the sums of the profiles, (S, P), at each base that both show, and at the alleles.

    A base left of the alleles is named by its distance from them, and so is one on their right.
    """
    sums = []
    for profile, bases in ((first, removed), (second, inserted)):
        own = {}
        for position in range(POSITIONS):
            place = position - start
            name = ("left", place) if place < 0 else ("allele", 0) if place < bases else ("right", place - bases)
            own[name] = own.get(name, 0) + profile[:, position]
        sums.append(own)
    zero = np.zeros(len(first))
    names = [name for name in sums[0] if name in sums[1]]
    if any(("allele", 0) in own for own in sums) and ("allele", 0) not in names:
        names.append(("allele", 0))
    return tuple(np.stack([own.get(name, zero) for name in sorted(names)], axis=-1) for own in sums)


@pytest.mark.parametrize("start", [-20, -6, -3, -1, 0, 4, 8, 9, 10, 15])
@pytest.mark.parametrize(("removed", "inserted"), [(1, 4), (4, 1), (2, 2), (1, 30), (30, 1), (7, 6)])
def test_bases_that_both_alleles_have_stand_together(start, removed, inserted):
    first, second = RNG.random((2, 2, POSITIONS))
    expected = by_names(first, second, start, removed, inserted)
    found = aligned(first, second, start, removed, inserted)
    assert found[0].shape == found[1].shape
    for own, other in zip(found, expected, strict=True):
        # An allele that none of the profiles shows has nothing, and its place does not matter.
        for strand in range(2):
            np.testing.assert_allclose(np.sort(own[strand][own[strand] > 0]), np.sort(other[strand][other[strand] > 0]))
    if expected[0].size:
        np.testing.assert_allclose((found[0] * found[1]).sum(), (expected[0] * expected[1]).sum())


def test_a_shift_alone_is_no_distance():
    long = RNG.random((1, 1, 2, POSITIONS + 3))
    first = long[..., :POSITIONS]
    # Three bases were deleted, whose counts the base before them now has.
    merged = long[..., 4:8].sum(axis=-1, keepdims=True)
    second = np.concatenate([long[..., :4], merged, long[..., 8:]], axis=-1)
    assert second.shape == first.shape
    edits = np.array([[4, 4, 1]])
    np.testing.assert_allclose(profile_distance(first, second, edits), 0, atol=1e-7)
    assert profile_distance(first, second)[0, 0] > 0.1


def test_alleles_of_one_length_are_compared_position_by_position():
    first, second = RNG.random((2, 3, 2, 2, POSITIONS))
    expected = [[jensenshannon(first[n, t].ravel(), second[n, t].ravel()) for t in range(2)] for n in range(3)]
    np.testing.assert_allclose(profile_distance(first, second), expected)
    np.testing.assert_allclose(profile_distance(first, second, np.array([[3, 1, 1], [3, 4, 4], [0, 2, 2]])), expected)
