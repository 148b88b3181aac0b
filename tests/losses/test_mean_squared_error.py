"""The published loss."""

import numpy as np
import pytest
from keras import ops

from degu.losses.mean_squared_error import loss


@pytest.mark.parametrize("shape", [(5, 1), (5, 3), (4, 4), (1, 2)])
def test_the_loss_is_the_squared_error_of_each_sample_and_target(shape):
    true, predicted = np.random.default_rng(1).normal(size=(2, *shape)).astype(np.float32)
    values = ops.convert_to_numpy(loss(ops.array(true), ops.array(predicted)))
    assert values.shape == shape
    np.testing.assert_allclose(values, (predicted - true) ** 2, rtol=1e-5)


def test_a_hand_made_case():
    true, predicted = ops.array([[1.0, 2.0], [0.0, 0.0]]), ops.array([[2.0, 4.0], [0.0, -0.5]])
    np.testing.assert_allclose(ops.convert_to_numpy(loss(true, predicted)), [[1.0, 4.0], [0.0, 0.25]])
