"""Sequences that the members of the ensemble disagree about most, which takes one forward pass of each member."""

import numpy as np

from degu.acquisition.candidates import Candidates, highest

USES = ("members",)
RANGES = {"temperature": {"at_least": 0}}


def choose(candidates: Candidates, number: int, rng: np.random.Generator, *, temperature: float = 0.0) -> np.ndarray:
    """Return the indices of the sequences with the highest standard deviation over members, int64 (number,).

    Parameters
    ----------
    candidates, number, rng
        The candidates, how many are chosen, and the source of draws.
    temperature
        How much chance there is in the choice; at 0 there is none (see `degu.acquisition.candidates.highest`).
    """
    assert candidates.members is not None
    return highest(candidates.members.std(axis=0), number, rng, temperature)
