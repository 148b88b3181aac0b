"""Choice by the standard deviation over members."""

import statistics

import numpy as np

from degu.acquisition.strategies.ensemble_epistemic import choose
from tests.acquisition.strategies.cases import candidates


def test_those_that_members_disagree_about_most_are_chosen():
    known = candidates()
    assert known.members is not None
    means = known.members.tolist()
    disagreement = [
        sum(statistics.pstdev(member[index][target] for member in means) for target in range(2))
        for index in range(known.number)
    ]
    taken = choose(known, 8, np.random.default_rng(1)).tolist()
    assert taken == sorted(range(known.number), key=lambda index: -disagreement[index])[:8]
