"""Add normal noise to the one-hot values of every position and base, those of N included."""

import numpy as np

from degu.config.values import check_within

ONE_HOT = True
RANGES = {"mean": {}, "std": {"at_least": 0}}


def augment(values: np.ndarray, rng: np.random.Generator, *, mean: float = 0.0, std: float = 0.2) -> np.ndarray:
    """Return one-hot values with noise, float32 (n, L, 4).

    Parameters
    ----------
    values
        One-hot sequences, float32 (n, L, 4).
    rng
        Source of draws.
    mean
        The mean of the noise.
    std
        The standard deviation of the noise, 0 or more; a base that is there has the value 1.

    Raises
    ------
    DeguError
        If an option is out of range.
    """
    check_within(mean, RANGES["mean"], where="augmentations.gaussian_noise.mean")
    check_within(std, RANGES["std"], where="augmentations.gaussian_noise.std")
    noise = rng.standard_normal(values.shape, dtype=np.float32)
    return values + (np.float32(std) * noise + np.float32(mean))
