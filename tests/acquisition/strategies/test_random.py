"""Random choice."""

import numpy as np

from degu.acquisition.strategies.random import choose
from tests.acquisition.strategies.cases import candidates


def test_each_candidate_is_chosen_as_often_and_none_twice():
    rng = np.random.default_rng(2)
    taken = np.array([choose(candidates(10), 4, rng) for _ in range(3000)])
    assert all(len(set(own)) == 4 for own in taken.tolist())
    # Each is chosen in 4 of 10 draws, within five standard errors.
    assert np.abs(np.bincount(taken.ravel()) / 3000 - 0.4).max() < 5 * np.sqrt(0.4 * 0.6 / 3000)
