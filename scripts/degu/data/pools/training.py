"""The training sequences themselves, for an augmentation to change."""

from collections.abc import Sequence

import numpy as np

FROM_TRAINING = True


def draw(training: np.ndarray, flanks: Sequence[int], rng: np.random.Generator) -> np.ndarray:
    """Return the training sequences, tokens (n, L)."""
    return training
