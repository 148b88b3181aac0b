"""The weighted likelihood against the likelihood."""

import numpy as np
import pytest
from scipy import stats

from degu.losses import gaussian
from degu.losses.beta_gaussian import loss
from tests.losses.arrays import every_type, gradients_of, single, value_of


def example() -> tuple[dict, dict]:
    rng = np.random.default_rng(3)
    true = {"measured": single(rng.normal(size=(30, 2)))}
    return true, {"mean": single(rng.normal(size=(30, 2))), "aleatoric": single(rng.uniform(0.1, 3, size=(30, 2)))}


@pytest.mark.parametrize("beta", [0.0, 0.3, 1.0])
@every_type
def test_it_is_the_likelihood_times_the_variance_to_the_power_beta(beta, dtype, near):
    true, predicted = example()
    likelihood = stats.norm.logpdf(true["measured"], predicted["mean"], predicted["aleatoric"])
    expected = -(predicted["aleatoric"] ** (2 * beta)) * likelihood
    np.testing.assert_allclose(value_of(loss, true, predicted, dtype, beta=beta), expected, rtol=near, atol=near)


def test_beta_is_a_half_unless_it_is_said_otherwise():
    true, predicted = example()
    np.testing.assert_array_equal(value_of(loss, true, predicted), value_of(loss, true, predicted, beta=0.5))


@pytest.mark.parametrize("beta", [0.0, 0.5, 1.0])
def test_the_weight_carries_no_gradient(beta):
    true, predicted = example()
    plain = gradients_of(gaussian.loss, true, predicted)
    weighted = gradients_of(loss, true, predicted, beta=beta)
    for head in ("mean", "aleatoric"):
        np.testing.assert_allclose(weighted[head], plain[head] * predicted["aleatoric"] ** (2 * beta), rtol=1e-9)


def test_with_a_beta_of_one_the_mean_has_the_gradient_of_the_squared_error():
    true, predicted = example()
    gradient = gradients_of(loss, true, predicted, beta=1.0)["mean"]
    np.testing.assert_allclose(gradient, predicted["mean"] - true["measured"], rtol=1e-9)
