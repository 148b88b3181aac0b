"""Heteroscedastic regression against SciPy's normal distribution."""

import numpy as np
from scipy import stats

from degu.losses.gaussian import loss
from tests.losses.arrays import every_type, gradients_of, single, value_of


def example(shape: tuple[int, ...] = (40, 3)) -> tuple[dict, dict]:
    rng = np.random.default_rng(1)
    true = {"measured": single(rng.normal(size=shape))}
    return true, {"mean": single(rng.normal(size=shape)), "aleatoric": single(rng.uniform(0.05, 3, size=shape))}


@every_type
def test_it_is_the_negative_log_likelihood(dtype, near):
    true, predicted = example()
    expected = -stats.norm.logpdf(true["measured"], predicted["mean"], predicted["aleatoric"])
    np.testing.assert_allclose(value_of(loss, true, predicted, dtype), expected, rtol=near, atol=near)


def test_it_pulls_the_mean_to_the_measurement_and_the_std_to_the_error():
    true, predicted = example()
    gradients = gradients_of(loss, true, predicted)
    error = true["measured"] - predicted["mean"]
    np.testing.assert_array_equal(np.sign(gradients["mean"]), -np.sign(error))
    np.testing.assert_array_equal(np.sign(gradients["aleatoric"]), np.sign(predicted["aleatoric"] - np.abs(error)))


def test_the_best_std_is_the_absolute_error():
    true, predicted = example()
    best = {**predicted, "aleatoric": np.abs(true["measured"] - predicted["mean"])}
    np.testing.assert_allclose(gradients_of(loss, true, best)["aleatoric"], 0, atol=1e-9)
    assert (value_of(loss, true, best) <= value_of(loss, true, predicted)).all()
