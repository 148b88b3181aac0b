"""Random sequences as a source of a pool."""

import numpy as np
import pytest

from degu.data.pools.random import draw
from tests.data.pools.drawn import check_draws_follow_from_the_seed, check_fewer_than_two_are_refused

TRAINING = np.array([[0, 0, 0, 1, 2, 4, 3, 3], [0, 0, 1, 1, 1, 1, 3, 3]], dtype=np.uint8)


def test_bases_are_as_frequent_as_between_the_flanks_of_the_training_sequences():
    tokens = draw(TRAINING, (2, 2), np.random.default_rng(1), number=40_000)
    assert (tokens.shape, tokens.dtype) == ((40_000, 8), np.uint8)
    np.testing.assert_array_equal(tokens[:, :2], 0)
    np.testing.assert_array_equal(tokens[:, -2:], 3)
    # Between the flanks there are A, C, G, N and C, C, C, C.
    for base, share in enumerate((1 / 7, 5 / 7, 1 / 7, 0)):
        np.testing.assert_allclose((tokens[:, 2:-2] == base).mean(axis=0), share, atol=0.01)
    neighbours = np.corrcoef(tokens[:, 2:-2].T)
    assert np.abs(neighbours - np.eye(4)).max() < 0.03


def test_draws_follow_from_the_seed():
    check_draws_follow_from_the_seed(draw, TRAINING)


@pytest.mark.parametrize("number", [-5, 0, 1])
def test_fewer_than_two_sequences_are_refused(number):
    check_fewer_than_two_are_refused(draw, TRAINING, number)
