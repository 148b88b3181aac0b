"""Sequences that the student expects members to disagree about most, which takes one forward pass each."""

import numpy as np

from degu.acquisition.candidates import Candidates, highest

USES = ("student",)
RANGES = {"temperature": {"at_least": 0}}


def choose(candidates: Candidates, number: int, rng: np.random.Generator, *, temperature: float = 0.0) -> np.ndarray:
    """Return the indices of the sequences with the highest epistemic std of the student, int64 (number,).

    Parameters
    ----------
    candidates, number, rng
        The candidates, how many are chosen, and the source of draws.
    temperature
        How much chance there is in the choice; at 0 there is none (see `degu.acquisition.candidates.highest`).

    Raises
    ------
    DeguError
        If the student does not predict this standard deviation.
    """
    return highest(candidates.student_std("epistemic"), number, rng, temperature)
