"""The Laplace likelihood against SciPy's distribution."""

import numpy as np
from scipy import stats

from degu.losses.laplace import loss
from tests.losses.arrays import every_type, gradients_of, single, value_of


def example() -> tuple[dict, dict]:
    rng = np.random.default_rng(4)
    true = {"measured": single(rng.normal(size=(40, 3)))}
    return true, {"mean": single(rng.normal(size=(40, 3))), "aleatoric": single(rng.uniform(0.05, 3, size=(40, 3)))}


@every_type
def test_it_is_the_negative_log_likelihood_of_a_distribution_of_that_std(dtype, near):
    true, predicted = example()
    distribution = stats.laplace(predicted["mean"], predicted["aleatoric"] / np.sqrt(2))
    np.testing.assert_allclose(distribution.std(), predicted["aleatoric"])
    expected = -distribution.logpdf(true["measured"])
    np.testing.assert_allclose(value_of(loss, true, predicted, dtype), expected, rtol=near, atol=near)


def test_it_pulls_the_mean_to_the_measurement_and_the_scale_to_the_absolute_error():
    true, predicted = example()
    gradients = gradients_of(loss, true, predicted)
    error = true["measured"] - predicted["mean"]
    np.testing.assert_array_equal(np.sign(gradients["mean"]), -np.sign(error))
    wide = predicted["aleatoric"] / np.sqrt(2) > np.abs(error)
    np.testing.assert_array_equal(np.sign(gradients["aleatoric"]), np.where(wide, 1, -1))
