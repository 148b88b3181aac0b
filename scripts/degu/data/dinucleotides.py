"""Shuffles of each sequence that keep its count of every dinucleotide (Altschul and Erickson 1985).

A sequence is a walk over its letters, and a shuffle is another walk over the same steps; all such walks are equally
likely. For each letter but the last of the sequence, the step is drawn by which the walk leaves that letter for the
last time. If these steps lead from every letter to the last one, then any order of the other steps makes a walk; if
not, they are drawn again.
"""

from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np

LETTERS = 5
# Number of sequences that share a random generator, so that the result is the same on any number of threads.
_BLOCK = 16


def shuffle(tokens: np.ndarray, number: int, rng: np.random.Generator) -> np.ndarray:
    """Return shuffles of each sequence.

    The first and the last letter stay. N is a letter as the bases are.

    Parameters
    ----------
    tokens
        Sequences, uint8 (n, L).
    number
        Number of shuffles of each sequence.
    rng
        Source of draws. The shuffles take theirs from generators that are spawned from it, so a second call gives
        others.

    Returns
    -------
    uint8 array of shape (n, number, L)
    """
    result = np.repeat(tokens[:, None], number, axis=1)
    if tokens.shape[1] < 3:
        return result
    starts = range(0, len(tokens), _BLOCK)
    blocks = [slice(start, start + _BLOCK) for start in starts]
    with ThreadPoolExecutor() as threads:
        parts = threads.map(
            _shuffle, (tokens[rows] for rows in blocks), rng.spawn(len(blocks)), map(result.__getitem__, blocks)
        )
        list(parts)
    return result


@numba.njit(cache=True, nogil=True)
def _shuffle(tokens: np.ndarray, rng: np.random.Generator, result: np.ndarray) -> None:
    """Write shuffles of tokens, (n, L), to `result`, (n, number, L)."""
    length = tokens.shape[1]
    steps = np.empty(length - 1, np.uint8)
    last, following = np.empty(LETTERS, np.int64), np.empty(LETTERS, np.int64)
    for row in range(len(tokens)):
        sequence, grouped = tokens[row], np.empty(length - 1, np.uint8)
        begin, away = _group_steps(sequence, grouped)
        for index in range(result.shape[1]):
            _draw_last_steps(grouped, begin, away, sequence[-1], rng, last)
            steps[:] = grouped
            _order_steps(steps, begin, sequence[-1], rng, last)
            following[:] = begin[:-1]
            letter = sequence[0]
            for position in range(1, length):
                following[letter] += 1
                letter = steps[following[letter] - 1]
                result[row, index, position] = letter


@numba.njit(cache=True, nogil=True)
def _group_steps(sequence: np.ndarray, grouped: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Write the letters that follow each letter, (L - 1,), grouped by letter, with the letter itself first.

    Return the index where each letter's group begins, (6,), and the index where its steps to other letters begin, (5,).
    """
    begin, away = np.zeros(LETTERS + 1, np.int64), np.zeros(LETTERS, np.int64)
    for index in range(len(grouped)):
        begin[sequence[index] + 1] += 1
        away[sequence[index]] += sequence[index + 1] == sequence[index]
    begin = np.cumsum(begin)
    away += begin[:-1]
    place = away.copy()
    for letter in range(LETTERS):
        grouped[begin[letter] : away[letter]] = letter
    for index in range(len(grouped)):
        letter, other = sequence[index], sequence[index + 1]
        if letter != other:
            grouped[place[letter]] = other
            place[letter] += 1
    return begin, away


@numba.njit(cache=True, nogil=True)
def _draw_last_steps(
    grouped: np.ndarray, begin: np.ndarray, away: np.ndarray, end: int, rng: np.random.Generator, last: np.ndarray
) -> None:
    """Draw the index of the last step that leaves each letter, (5,), until these lead from everywhere to the end."""
    connected = False
    while not connected:
        for letter in range(LETTERS):
            last[letter] = away[letter] + int(rng.random() * (begin[letter + 1] - away[letter]))
        connected = True
        for letter in range(LETTERS):
            at, visited = letter, 0
            while begin[letter] < begin[letter + 1] and at != end and visited < LETTERS:
                at = grouped[last[at]]
                visited += 1
            connected = connected and (at == end or begin[letter] == begin[letter + 1])


@numba.njit(cache=True, nogil=True)
def _order_steps(steps: np.ndarray, begin: np.ndarray, end: int, rng: np.random.Generator, last: np.ndarray) -> None:
    """Shuffle the steps that leave each letter in place (Fisher and Yates), and put the drawn step last."""
    for letter in range(LETTERS):
        first, high = begin[letter], begin[letter + 1] - 1
        if letter != end and high >= first:
            steps[high], steps[last[letter]] = steps[last[letter]], steps[high]
            high -= 1
        for index in range(high, first, -1):
            other = first + int(rng.random() * (index + 1 - first))
            steps[index], steps[other] = steps[other], steps[index]
