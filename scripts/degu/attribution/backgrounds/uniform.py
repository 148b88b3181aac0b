"""Random sequences of equally likely bases."""

import numpy as np


def draw(tokens: np.ndarray, number: int, pool: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return backgrounds, (n, number, L), as `degu.attribution.backgrounds` describes."""
    return rng.integers(0, 4, size=(len(tokens), number, tokens.shape[1]), dtype=np.uint8)
