"""Special functions against those of SciPy."""

import numpy as np
import pytest
import tensorflow as tf
from scipy import special

from degu.losses.functions.log_gamma import log_gamma

RANGE = np.geomspace(1e-3, 1e4, 3001)


@pytest.mark.parametrize(("dtype", "rtol", "atol"), [("float64", 1e-12, 1e-10), ("float32", 5e-6, 1e-5)])
def test_log_gamma_is_that_of_scipy(dtype, rtol, atol):
    x = RANGE.astype(dtype)
    values = log_gamma(tf.constant(x))
    assert values.dtype == dtype
    np.testing.assert_allclose(values, special.gammaln(x.astype(np.float64)), rtol=rtol, atol=atol)


@pytest.mark.parametrize(("dtype", "rtol", "atol"), [("float64", 1e-12, 1e-10), ("float32", 5e-6, 1e-5)])
def test_the_gradient_of_log_gamma_is_the_digamma_function(dtype, rtol, atol):
    x = tf.constant(RANGE.astype(dtype))
    with tf.GradientTape() as tape:
        tape.watch(x)
        values = log_gamma(x)
    expected = special.digamma(x.numpy().astype(np.float64))
    np.testing.assert_allclose(tape.gradient(values, x), expected, rtol=rtol, atol=atol)


@pytest.mark.parametrize("shape", [(), (3,), (2, 3, 4)])
def test_log_gamma_keeps_the_shape(shape):
    assert log_gamma(tf.ones(shape)).shape == shape


def test_factorials_are_exact_but_for_rounding():
    factorials = np.cumprod(np.arange(1, 15, dtype=np.float64))
    np.testing.assert_allclose(np.exp(log_gamma(tf.constant(np.arange(2, 16.0)))), factorials, rtol=1e-9)


def test_log_gamma_of_a_large_number_is_finite_in_single_precision():
    np.testing.assert_allclose(log_gamma(tf.constant([3e6])), special.gammaln([3e6]), rtol=5e-6)
