"""Sequences that are drawn at random, which every other strategy has to beat."""

import numpy as np

from degu.acquisition.candidates import Candidates

USES = ()


def choose(candidates: Candidates, number: int, rng: np.random.Generator) -> np.ndarray:
    """Return the indices of sequences that are drawn without replacement, int64 (number,).

    Parameters
    ----------
    candidates, number, rng
        The candidates, how many are chosen, and the source of draws.
    """
    return rng.choice(candidates.number, number, replace=False)
