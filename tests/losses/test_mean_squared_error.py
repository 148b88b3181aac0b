"""The published loss."""

import numpy as np
import pytest
from keras import ops

from degu.losses.mean_squared_error import loss


@pytest.mark.parametrize("shape", [(5, 1), (5, 3), (4, 4), (1, 2)])
def test_the_loss_is_one_value_a_sample_and_the_mean_over_outputs(shape):
    true, predicted = np.random.default_rng(1).normal(size=(2, *shape)).astype(np.float32)
    values = ops.convert_to_numpy(loss(ops.array(true), ops.array(predicted)))
    assert values.shape == (shape[0],)
    np.testing.assert_allclose(values, ((predicted - true) ** 2).sum(axis=1) / shape[1], rtol=1e-5)


def test_a_hand_made_case():
    true, predicted = ops.array([[1.0, 2.0], [0.0, 0.0]]), ops.array([[2.0, 4.0], [0.0, 0.0]])
    np.testing.assert_allclose(ops.convert_to_numpy(loss(true, predicted)), [2.5, 0.0])


@pytest.mark.parametrize("outputs", [1, 2])
def test_no_sample_is_compared_with_another(outputs):
    true, predicted = np.random.default_rng(2).normal(size=(2, 6, outputs)).astype(np.float32)
    together = ops.convert_to_numpy(loss(ops.array(true), ops.array(predicted)))
    alone = [ops.convert_to_numpy(loss(ops.array(true[[row]]), ops.array(predicted[[row]])))[0] for row in range(6)]
    np.testing.assert_allclose(together, alone, rtol=1e-5)
