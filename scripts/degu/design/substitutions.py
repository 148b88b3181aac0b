"""Sequences that differ from given ones in one base."""

import numpy as np

from degu.data.sequences import N_TOKEN


def substitutions(tokens: np.ndarray, rng: np.random.Generator, number: int | None) -> np.ndarray:
    """Return sequences that differ from each given one in one base, uint8 (n, c, L).

    Parameters
    ----------
    tokens
        Sequences, uint8 (n, L). An N stays, so that a substitution at it changes nothing.
    rng
        Source of draws.
    number
        Number c of different substitutions that are drawn for each sequence; all 3 L if it is None, or if there are no
        more.
    """
    n, length = tokens.shape
    if number is None or number >= 3 * length:
        chosen = np.broadcast_to(np.arange(3 * length), (n, 3 * length))
    else:
        chosen = np.argpartition(rng.random((n, 3 * length)), number, axis=1)[:, :number]
    position, offset = chosen // 3, chosen % 3 + 1
    before = np.take_along_axis(tokens, position, axis=1)
    after = np.where(before == N_TOKEN, N_TOKEN, (before + offset) % 4).astype(np.uint8)
    changed = np.repeat(tokens[:, None], chosen.shape[1], axis=1)
    np.put_along_axis(changed, position[..., None], after[..., None], axis=2)
    return changed
