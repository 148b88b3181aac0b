"""Choice by the total standard deviation of the student."""

import numpy as np

from degu.acquisition.strategies.total import choose
from tests.acquisition.strategies.cases import candidates


def test_the_highest_are_chosen():
    known = candidates()
    assert known.student is not None
    std = np.sqrt(known.student["epistemic"] ** 2 + known.student["aleatoric"] ** 2)
    taken = choose(known, 8, np.random.default_rng(1)).tolist()
    ranked = sorted(range(known.number), key=lambda index: -float(np.mean(std[index])))
    assert taken == ranked[:8]


def test_chance_follows_the_seed():
    taken = [choose(candidates(), 8, np.random.default_rng(seed), temperature=1.0).tolist() for seed in (1, 1, 2)]
    assert taken[0] == taken[1] != taken[2]
