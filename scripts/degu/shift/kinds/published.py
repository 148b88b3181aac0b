"""The three shifts of the paper, as its code defines them: small, intermediate and large.

`zrcjessica/ensemble_distillation` takes EvoAug's random mutation of 5 % of the bases for the small one, two of EvoAug's
augmentations for the intermediate one, and a random shuffle of each sequence for the large one.
"""

import numpy as np

from degu.config.values import check_within
from degu.data.augmenting import Augmented, Augmenter

LEVELS = (1, 2, 3)
LEVEL = "1 small, 2 intermediate, 3 large shift"
RANGES = {"level": {"at_least": 1, "at_most": 3}}
_MUTATION = {"name": "mutation", "fraction": 0.05}
_SETS: dict[int, tuple[list[dict], int]] = {
    1: ([_MUTATION], 1),
    2: (
        [
            {"name": "deletion", "minimum": 0, "maximum": 20},
            {"name": "translocation", "minimum": 0, "maximum": 20},
            {"name": "gaussian_noise", "mean": 0, "std": 0.2},
            _MUTATION,
        ],
        2,
    ),
    3: ([{"name": "mononucleotide_shuffle"}], 1),
}


def shift(tokens: np.ndarray, rng: np.random.Generator, *, level: int) -> Augmented:
    """Return sequences that are changed as the paper does it.

    Parameters
    ----------
    tokens
        Sequences, uint8 (n, L).
    rng
        Source of draws.
    level
        1 for the small shift, 2 for the intermediate and 3 for the large one.

    Raises
    ------
    DeguError
        If the level is another.
    """
    check_within(level, RANGES["level"], where="level")
    augmentations, number = _SETS[level]
    return Augmenter(augmentations, number=number, length=tokens.shape[1])(tokens, rng)
