"""Greedy search: in each step the substitution that raises the score most is made."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from degu.design.searches import beam

LEVEL = "steps of the search, one substitution each"
RANGES = {"steps": {"at_least": 1}, "candidates": {"at_least": 1}}


def search(
    score: Callable[[np.ndarray], np.ndarray],
    tokens: np.ndarray,
    rng: np.random.Generator,
    *,
    steps: Sequence[int],
    candidates: int | None = None,
) -> Iterator[np.ndarray]:
    """Yield the sequence that is reached from each starting sequence, uint8 (n, L), after each number of steps.

    A step makes one substitution, the one with the highest score, unless none raises it. This is a beam search with
    one sequence in a beam.

    Parameters
    ----------
    score
        Returns a number, which is to rise, for each of some sequences.
    tokens
        Starting sequences, uint8 (n, L). An N stays.
    rng
        Source of draws.
    steps
        Numbers of steps after which sequences are wanted, in ascending order.
    candidates
        Number of substitutions that are tried for each sequence, drawn anew in each step; None stands for all.
    """
    return beam.search(score, tokens, rng, steps=steps, width=1, candidates=candidates)
