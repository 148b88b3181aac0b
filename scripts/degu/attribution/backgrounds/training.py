"""Training sequences, the same ones for every explained sequence."""

import numpy as np

from degu.errors import DeguError


def draw(tokens: np.ndarray, number: int, pool: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return backgrounds, (n, number, L), as `degu.attribution.backgrounds` describes.

    Raises
    ------
    DeguError
        If there are fewer training sequences than backgrounds.
    """
    if len(pool) < number:
        raise DeguError(f"there are {len(pool):,} training sequences", expected=f"at least {number:,}, as backgrounds")
    chosen = pool[rng.choice(len(pool), size=number, replace=False)]
    return np.broadcast_to(chosen, (len(tokens), *chosen.shape))
