"""Shuffles of each sequence that keep its count of every dinucleotide (Altschul and Erickson 1985).

A sequence is a walk over its letters. A shuffle is another walk over the same steps, each as likely: for each letter
but the last of the sequence, one step is drawn that the walk is to leave it by for the last time; if those steps lead
to the last letter from everywhere, any order of the other steps gives a walk; if not, they are drawn again. Here for
many sequences at once.
"""

import numpy as np

LETTERS = 5
# Shuffles made at a time, to keep memory flat.
_BLOCK = 1 << 14


def draw(tokens: np.ndarray, number: int, pool: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return backgrounds, (n, number, L), as `degu.backgrounds` describes."""
    result = np.empty((len(tokens), number, tokens.shape[1]), dtype=np.uint8)
    step = max(1, _BLOCK // number)
    for start in range(0, len(tokens), step):
        part = np.repeat(tokens[start : start + step], number, axis=0)
        result[start : start + step] = shuffle(part, rng).reshape(-1, number, tokens.shape[1])
    return result


def shuffle(tokens: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return one shuffle of each sequence, (N, L), each equally likely."""
    number, length = tokens.shape
    if length < 3:
        return tokens.copy()
    origin, target = tokens[:, :-1], tokens[:, 1:]
    keys = rng.random((number, length - 1), dtype=np.float32)
    last = _last_steps(tokens, rng)
    rows, letters = np.nonzero(last >= 0)
    keys[rows, last[rows, letters]] = 2
    # Steps sorted by the letter they leave, and then by key.
    order = np.argsort(4 * origin + keys, axis=1)
    steps = np.take_along_axis(target, order, axis=1).ravel()
    counts = (origin[:, :, None] == np.arange(LETTERS)).sum(axis=1)
    # For each letter, where in `steps` the next step that leaves it stands.
    following = (np.cumsum(counts, axis=1) - counts + (length - 1) * np.arange(number)[:, None]).ravel()
    first_letter = LETTERS * np.arange(number)
    result = np.empty((length, number), dtype=np.uint8)
    result[0] = tokens[:, 0]
    for index in range(1, length):
        at = first_letter + result[index - 1]
        result[index] = steps[following[at]]
        following[at] += 1
    return np.ascontiguousarray(result.T)


def _last_steps(tokens: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw the index of the last step that leaves each letter, (N, 5); -1 where none leaves it or it is the last.

    All choices that lead from every letter to the last one are equally likely.
    """
    origin, target = tokens[:, :-1], tokens[:, 1:]
    result = np.full((len(tokens), LETTERS), -1)
    pending = np.arange(len(tokens))
    while pending.size:
        own, there, end = origin[pending], target[pending], tokens[pending, -1]
        keys = rng.random(own.shape, dtype=np.float32)
        keys[own == there] = -1
        leads_to = np.repeat(end[:, None], LETTERS, axis=1)
        chosen = np.full((len(pending), LETTERS), -1)
        for letter in range(LETTERS):
            candidates = np.where(own == letter, keys, -1)
            step = candidates.argmax(axis=1)
            rows = np.flatnonzero((candidates.max(axis=1) >= 0) & (end != letter))
            chosen[rows, letter] = step[rows]
            leads_to[rows, letter] = there[rows, step[rows]]
        result[pending] = chosen
        at = leads_to
        for _ in range(LETTERS):
            at = np.take_along_axis(leads_to, at, axis=1)
        pending = pending[(at != end[:, None]).any(axis=1)]
    return result
