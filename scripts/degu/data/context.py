"""What stands beside the windows of a data set: taken off, kept and put back, for bases and for counts alike."""

import numpy as np


def without_context(values: np.ndarray, jitter: int) -> np.ndarray:
    """Return the values of windows alone, (..., K), of those with J more on either side, (..., K + 2J)."""
    return values[..., jitter : values.shape[-1] - jitter]


def context(values: np.ndarray, jitter: int) -> np.ndarray | None:
    """Return the J values left and the J values right of windows, (..., 2J), or None without any."""
    if jitter == 0:
        return None
    return np.concatenate([values[..., :jitter], values[..., values.shape[-1] - jitter :]], axis=-1)


def with_context(values: np.ndarray, beside: np.ndarray, jitter: int) -> np.ndarray:
    """Return windows, (..., K), with `jitter` values of what `context` has kept of them, (..., 2J), on either side."""
    middle = beside.shape[-1] // 2
    left, right = beside[..., middle - jitter : middle], beside[..., middle : middle + jitter]
    return np.concatenate([left, values, right], axis=-1)
