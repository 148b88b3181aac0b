"""A higher or lower GC content."""

import numpy as np

from degu.config.values import check_within

LEVELS = (0.05, 0.1, 0.2)
LEVEL = "change of the GC content"
RANGES = {"level": {"at_least": -1, "at_most": 1}}
# The tokens of A, C, G and T are 0 to 3.
_STRONG = np.array([False, True, True, False, False])
_WEAK = np.array([True, False, False, True, False])


def shift(tokens: np.ndarray, rng: np.random.Generator, *, level: float) -> np.ndarray:
    """Return sequences, uint8 (n, L), whose GC content is higher or lower.

    At |`level`| times L random positions, rounded, A and T become C or G, or C and G become A or T. Where a sequence
    has fewer such bases, all of them change.

    Parameters
    ----------
    tokens
        Sequences, uint8 (n, L).
    rng
        Source of draws.
    level
        Change of the GC content, from -1 to 1.

    Raises
    ------
    DeguError
        If the level is out of range.
    """
    check_within(level, RANGES["level"], where="level")
    suitable = (_WEAK if level > 0 else _STRONG)[tokens]
    # Positions that do not suit come last.
    ranks = np.where(suitable, rng.random(tokens.shape), 2).argsort(axis=1).argsort(axis=1)
    chosen = suitable & (ranks < round(abs(level) * tokens.shape[1]))
    either = rng.integers(2, size=tokens.shape)
    new = 1 + either if level > 0 else 3 * either
    return np.where(chosen, new, tokens).astype(np.uint8)
