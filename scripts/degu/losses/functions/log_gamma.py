"""Special functions that `keras.ops` lacks."""

import math

from keras import KerasTensor, ops

# Terms of Stirling's series, B_2k / (2k (2k - 1)), and how far the argument is moved up to where it converges.
_STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680)
_SHIFT = 6


def log_gamma(x: KerasTensor) -> KerasTensor:
    """Return the logarithm of the gamma function of x > 0, to 1e-10 of its size or its type's precision (Stirling)."""
    y = x + _SHIFT
    series = sum(term / ops.power(y, 2 * index + 1) for index, term in enumerate(_STIRLING))
    return (
        (y - 0.5) * ops.log(y)
        - y
        + 0.5 * math.log(2 * math.pi)
        + series
        - sum(ops.log(x + step) for step in range(_SHIFT))
    )
