"""Random sequences of the composition of the training sequences."""

from collections.abc import Sequence

import numpy as np

from degu.config.values import check_within

# A part of the sequences is held out for validation, so one alone is too few.
RANGES = {"number": {"at_least": 2}}
NUMBER = "number"


def draw(training: np.ndarray, flanks: Sequence[int], rng: np.random.Generator, *, number: int) -> np.ndarray:
    """Return sequences whose bases are drawn one by one.

    Parameters
    ----------
    training
        The training sequences, tokens (n, L).
    flanks
        Numbers of constant bases left and right, which are kept.
    rng
        Source of draws.
    number
        The number of sequences, 2 or more.

    Returns
    -------
    tokens (number, L); between the flanks, A, C, G and T are as frequent as in the training sequences

    Raises
    ------
    DeguError
        If the number is below 2.
    """
    check_within(number, RANGES["number"], where="source.number")
    within = slice(flanks[0], training.shape[1] - flanks[1])
    counts = np.bincount(training[:, within].ravel(), minlength=5)[:4]
    tokens = np.repeat(training[:1], number, axis=0)
    shape = tokens[:, within].shape
    tokens[:, within] = rng.choice(4, size=shape, p=counts / counts.sum())
    return tokens
