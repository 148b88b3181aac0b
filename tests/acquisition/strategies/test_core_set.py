"""The greedy k-centre of a core-set."""

import itertools
import math

import numpy as np

from degu.acquisition.candidates import Candidates
from degu.acquisition.strategies.core_set import choose
from tests.acquisition.strategies.cases import candidates


def test_each_is_the_farthest_from_all_that_are_labelled_or_chosen():
    known = candidates()
    assert known.features is not None
    assert known.labelled_features is not None
    points, centres = known.features.tolist(), known.labelled_features.tolist()
    expected = []
    for _ in range(10):
        nearest = [min(math.dist(point, centre) for centre in centres) for point in points]
        expected.append(max(range(len(points)), key=lambda index: nearest[index]))
        centres.append(points[expected[-1]])
    assert choose(known, 10, np.random.default_rng(1)).tolist() == expected


def test_the_radius_is_at_most_twice_that_of_the_best_choice():
    """The bound of the greedy k-centre holds against all choices (Gonzalez 1985)."""
    known = candidates(12, seed=9)
    assert known.features is not None
    assert known.labelled_features is not None

    def radius(chosen):
        centres = np.concatenate([known.labelled_features, known.features[list(chosen)]])
        return np.linalg.norm(known.features[:, None] - centres[None], axis=2).min(axis=1).max()

    best = min(radius(chosen) for chosen in itertools.combinations(range(12), 3))
    assert radius(choose(known, 3, np.random.default_rng(1))) <= 2 * best + 1e-6


def test_no_sequence_is_chosen_twice_where_all_are_equal():
    same = Candidates(6, features=np.ones((6, 2), np.float32), labelled_features=np.ones((1, 2), np.float32))
    assert sorted(choose(same, 6, np.random.default_rng(1)).tolist()) == list(range(6))
