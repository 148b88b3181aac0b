"""Beam search: the best few sequences that are reached from each starting sequence go on."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from degu.design.substitutions import substitutions

LEVEL = "steps of the search, one substitution each"
RANGES = {"steps": {"at_least": 1}, "width": {"at_least": 1}, "candidates": {"at_least": 1}}
# Sequences are scored together as long as they have this many bases in all, which bounds the memory.
_BASES_AT_ONCE = 100_000_000


def search(
    score: Callable[[np.ndarray], np.ndarray],
    tokens: np.ndarray,
    rng: np.random.Generator,
    *,
    steps: Sequence[int],
    width: int = 4,
    candidates: int | None = None,
) -> Iterator[np.ndarray]:
    """Yield the best sequence that is reached from each starting sequence, uint8 (n, L), after each number of steps.

    In a step, single bases of the sequences of a beam are substituted. The best `width` different sequences, old or
    new, are the beam of the next step. So the score never falls.

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
    width
        Number of sequences in a beam.
    candidates
        Number of substitutions that are tried for each sequence of a beam, drawn anew in each step; None stands for
        all.
    """
    beams, scores = tokens[:, None], score(tokens)[:, None]
    for step in range(1, max(steps) + 1):
        beams, scores = _step(score, beams, scores, rng, width, candidates)
        if step in steps:
            yield beams[:, 0]


def _step(
    score: Callable[[np.ndarray], np.ndarray],
    beams: np.ndarray,
    scores: np.ndarray,
    rng: np.random.Generator,
    width: int,
    candidates: int | None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the beams of the next step, uint8 (n, w, L), from the best sequence on, and their scores, (n, w)."""
    length = beams.shape[2]
    tried = beams.shape[1] * min(candidates or 3 * length, 3 * length)
    block = max(1, _BASES_AT_ONCE // (tried * length))
    parts = []
    for start in range(0, len(beams), block):
        own, known = beams[start : start + block], scores[start : start + block]
        changed = substitutions(own.reshape(-1, length), rng, candidates).reshape(len(own), -1, length)
        found = score(changed.reshape(-1, length)).reshape(len(own), -1)
        reached, values = np.concatenate([own, changed], axis=1), np.concatenate([known, found], axis=1)
        parts += [_best(*each, width) for each in zip(reached, values, strict=True)]
    return np.stack([beam for beam, _ in parts]), np.stack([values for _, values in parts])


def _best(tokens: np.ndarray, scores: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the `width` best different sequences of (m, L), from the best on, and their scores.

    If fewer than `width` of them are different, the best one fills the beam.
    """
    chosen: dict[bytes, int] = {}
    # The first of several equal scores counts, so that a beam stays where nothing raises its score.
    for index in np.argsort(-scores, kind="stable"):
        chosen.setdefault(tokens[index].tobytes(), int(index))
        if len(chosen) == width:
            break
    rows = list(chosen.values())
    rows += rows[:1] * (width - len(rows))
    return tokens[rows], scores[rows]
