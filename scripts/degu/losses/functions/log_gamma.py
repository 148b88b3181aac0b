"""The logarithm of the gamma function, which `keras.ops` lacks."""

import math

from keras import KerasTensor, ops

# Terms of Stirling's series, B_2k / (2k (2k - 1)), and the shift of the argument to where the series converges.
_STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680)
SHIFT = 6


def log_gamma(x: KerasTensor) -> KerasTensor:
    """Return the logarithm of the gamma function for x > 0, by Stirling's series.

    The relative error is at most 1e-10, or the precision of the type.
    """
    y = x + SHIFT
    return (
        (y - 0.5) * ops.log(y)
        - y
        + 0.5 * math.log(2 * math.pi)
        + stirling_series(y)
        - sum(ops.log(x + step) for step in range(SHIFT))
    )


def stirling_series(y: KerasTensor) -> KerasTensor:
    """Return the terms of Stirling's series that vanish for large y, for y of `SHIFT` or more."""
    inverse = 1 / y
    return sum(term * ops.power(inverse, 2 * index + 1) for index, term in enumerate(_STIRLING))
