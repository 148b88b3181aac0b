"""The rising factorial over a power against the sum that defines it."""

import numpy as np
import pytest
import tensorflow as tf

from degu.losses.functions.log_rising_ratio import LIMIT, log_rising_ratio

LOG_X = np.linspace(-39, 39, 60)[:, None]
N = np.array([[0, 1, 2, 3, 10, 100, 1000, 30_000]])


def brute_force(log_x: np.ndarray, n: np.ndarray) -> np.ndarray:
    log_x, n = np.broadcast_arrays(log_x, n)
    values = [
        float(np.log1p(np.arange(number, dtype=np.longdouble) / np.exp(np.longdouble(one))).sum())
        for one, number in zip(log_x.ravel(), n.ravel(), strict=True)
    ]
    return np.reshape(values, log_x.shape)


def gradient(log_x: np.ndarray, n: np.ndarray, dtype: str = "float64") -> np.ndarray:
    log_x = tf.constant(log_x, dtype=dtype)
    with tf.GradientTape() as tape:
        tape.watch(log_x)
        values = log_rising_ratio(log_x, tf.constant(n, dtype=dtype))
    return tape.gradient(values, log_x).numpy()


@pytest.mark.parametrize(("dtype", "near"), [("float64", 1e-10), ("float32", 1e-5)])
def test_it_is_the_sum_of_logarithms_that_defines_it(dtype, near):
    """The error is in parts of n or of the value, whichever is larger."""
    values = log_rising_ratio(tf.constant(LOG_X, dtype=dtype), tf.constant(N, dtype=dtype))
    assert values.dtype == dtype
    expected = brute_force(LOG_X, N)
    assert (np.abs(values - expected) <= near * (np.abs(expected) + N)).all()


def test_its_gradient_is_that_of_the_sum():
    log_x = np.linspace(-30, 30, 31)[:, None]
    n = np.array([[0, 1, 2, 40, 500]])
    step = 1e-5
    expected = (brute_force(log_x + step, n) - brute_force(log_x - step, n)) / (2 * step)
    broadcast = np.broadcast_to(log_x, expected.shape)
    np.testing.assert_allclose(gradient(broadcast, n), expected, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(gradient(broadcast, n, "float32"), expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_nothing_overflows_however_large_the_number(dtype):
    log_x = np.array([-1e4, -LIMIT, 0.0, LIMIT, 1e4])[:, None] * np.ones((1, 3))
    n = np.array([[0.0, 1.0, 1e5]])
    values = log_rising_ratio(tf.constant(log_x, dtype=dtype), tf.constant(n, dtype=dtype)).numpy()
    assert np.isfinite(values).all() and np.isfinite(gradient(log_x, n, dtype)).all()
    np.testing.assert_allclose(values[0], values[1], rtol=1e-6)
    np.testing.assert_allclose(values[4], values[3], rtol=1e-6)
    np.testing.assert_array_equal(values[:, 0], 0)
