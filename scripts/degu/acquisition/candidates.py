"""Sequences that may be labelled next, what models say of them, and how those with the highest scores are taken."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from degu.errors import DeguError


@dataclass(frozen=True)
class Candidates:
    """Sequences without labels. A strategy finds only what its `USES` names; all else is None.

    Attributes
    ----------
    number
        Number n of the sequences.
    student
        The standard deviations that the student predicts, float64 (n, T), by kind: `epistemic`, `total`, and others
        that it has as heads. They are divided by the standard deviation of the labels of their target.
    members
        Means that the members predict, float64 (M, n, T), divided likewise.
    features
        Values of the last hidden layer of the student, float32 (n, F).
    labelled_features
        The same of the sequences that are labelled already, (m, F).
    """

    number: int
    student: Mapping[str, np.ndarray] | None = None
    members: np.ndarray | None = None
    features: np.ndarray | None = None
    labelled_features: np.ndarray | None = None

    def student_std(self, kind: str) -> np.ndarray:
        """Return a standard deviation of the student, (n, T).

        Raises
        ------
        DeguError
            If the student does not predict it.
        """
        known = self.student or {}
        if kind not in known:
            raise DeguError(
                f"the student predicts no {kind} standard deviation",
                where="active_learning: run",
                expected=f"one of {', '.join(known) or 'none'}",
                remedy="name a student with this head, or leave the strategy out",
            )
        return known[kind]


def highest(std: np.ndarray, number: int, rng: np.random.Generator, temperature: float) -> np.ndarray:
    """Return the sequences with the highest standard deviation, averaged over targets.

    At a temperature above 0 they are drawn one after the other, without replacement, with probabilities proportional to
    the standard deviation to the power of 1 / temperature. So a batch holds fewer sequences that are alike (Kirsch et
    al. 2023, https://arxiv.org/abs/2106.12059, power acquisition).

    Parameters
    ----------
    std
        Standard deviations, (n, T), 0 or more.
    number
        Number of sequences to take, at most n.
    rng
        Source of the draws.
    temperature
        0 or more.

    Returns
    -------
    Indices, int64 (number,), from the highest on
    """
    scores = std.mean(axis=1)
    if temperature > 0:
        # The largest of logarithms plus Gumbel noise are such a sample (Gumbel-top-k).
        with np.errstate(divide="ignore"):
            scores = np.log(scores) + temperature * rng.gumbel(size=len(scores))
    return np.argsort(-scores, kind="stable")[:number]
