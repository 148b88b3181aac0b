"""EvoAug: several augmentations of a set change each sequence (Lee et al. 2023)."""

import numpy as np

from degu.config.values import check_within
from degu.data.augmenting import Augmented, Augmenter

LEVELS = (1, 2, 3)
LEVEL = "number of augmentations"
RANGES = {"level": {"at_least": 1}}
# The list by default: that of EvoAug for DeepSTARR, as run in github.com/p-koo/evoaug_analysis at 74d7980.
AUGMENTATIONS = (
    {"name": "deletion", "minimum": 0, "maximum": 30},
    {"name": "insertion", "minimum": 0, "maximum": 20},
    {"name": "translocation", "minimum": 0, "maximum": 20},
    {"name": "gaussian_noise", "mean": 0, "std": 0.3},
    {"name": "mutation", "fraction": 0.05},
)


def shift(
    tokens: np.ndarray, rng: np.random.Generator, *, level: int, augmentations: list[dict] | None = None
) -> Augmented:
    """Return sequences that `level` different augmentations of a list have changed.

    Parameters
    ----------
    tokens
        Sequences, uint8 (n, L).
    rng
        Source of draws.
    level
        Number of augmentations of each sequence, from 1 to the length of the list.
    augmentations
        The list, as in a file of `config/augmentations/`; by default that of EvoAug for DeepSTARR.

    Raises
    ------
    DeguError
        If the level or an option of an augmentation is out of range.
    """
    check_within(level, RANGES["level"], where="level")
    return Augmenter(augmentations or AUGMENTATIONS, number=level, length=tokens.shape[1])(tokens, rng)
