"""What holds for every source that draws a number of sequences."""

from collections.abc import Callable

import numpy as np
import pytest

from degu.errors import DeguError

Draw = Callable[..., np.ndarray]


def check_draws_follow_from_the_seed(draw: Draw, training: np.ndarray) -> None:
    first, again, other = (draw(training, (0, 0), np.random.default_rng(seed), number=50) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def check_fewer_than_two_are_refused(draw: Draw, training: np.ndarray, number: int) -> None:
    with pytest.raises(DeguError, match=rf"source\.number: {number} is out of range\n.* a number of at least 2"):
        draw(training, (0, 0), np.random.default_rng(1), number=number)
