import keras
import numpy as np
import pytest
import tensorflow as tf

from degu.models.layers.batch_normalization import BatchNormalization


@pytest.mark.parametrize("shape", [(7, 9, 5), (16, 5), (1, 6, 5)])
@pytest.mark.parametrize("training", [True, False])
def test_batch_normalisation_is_that_of_keras(shape, training):
    """Outputs, gradients and moving statistics, of sequences and of features."""
    rng = np.random.default_rng(0)
    inputs = tf.constant(rng.normal(2, 3, shape).astype("f4"))
    found = []
    for kind in (BatchNormalization, keras.layers.BatchNormalization):
        layer = kind(momentum=0.9)
        layer.build(shape)
        layer.gamma.assign(np.linspace(0.5, 2, 5))
        layer.beta.assign(np.linspace(-1, 1, 5))
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs = layer(inputs, training=training)
            total = tf.reduce_sum(tf.sin(outputs))
        variables = [inputs, layer.gamma.value, layer.beta.value]
        found.append([outputs, *tape.gradient(total, variables), layer.moving_mean, layer.moving_variance])
    for ours, expected in zip(*found, strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-4, atol=1e-5)
    moved = not np.allclose(found[0][-1], 1)
    assert moved == training
