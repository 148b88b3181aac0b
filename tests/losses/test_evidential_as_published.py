"""The published "evidential" baseline against the normal likelihood that it is."""

import numpy as np
import pytest
from scipy import stats

from degu.losses.evidential_as_published import heads, loss
from tests.losses.arrays import every_type, gradients_of, single, tensors, value_of


def example() -> tuple[dict, dict]:
    rng = np.random.default_rng(13)
    true = {"measured": single(rng.normal(size=(40, 2)))}
    return true, {"mean": single(rng.normal(size=(40, 2))), "log_variance": single(rng.uniform(0, 4, size=(40, 2)))}


@every_type
def test_it_is_the_likelihood_under_a_normal_distribution_of_its_heads(dtype, near):
    true, parameters = example()
    found = {head: values.numpy() for head, values in heads(tensors(parameters, "float64")).items()}
    assert list(found) == ["mean", "aleatoric"]
    expected = -stats.norm.logpdf(true["measured"], found["mean"], found["aleatoric"])
    np.testing.assert_allclose(value_of(loss, true, parameters, dtype), expected, rtol=near, atol=near)


def test_its_variance_cannot_fall_below_one():
    raw = np.array([[-30.0], [0.0], [3.0]])
    # The softplus that the model's layer has.
    parameters = {"mean": np.zeros((3, 1)), "log_variance": np.logaddexp(0, raw)}
    std = heads(tensors(parameters, "float64"))["aleatoric"].numpy()
    np.testing.assert_allclose(std**2, 1 + np.exp(raw), rtol=1e-12)
    assert (std >= 1).all()


def test_without_noise_the_best_that_it_can_say_is_a_variance_of_one():
    # Errors smaller than 1 make every variance too large, down to the least there is.
    true = {"measured": np.array([[0.1], [0.9]])}
    parameters = {"mean": np.zeros((2, 1)), "log_variance": np.zeros((2, 1))}
    assert (gradients_of(loss, true, parameters)["log_variance"] > 0).all()
    likelihood = value_of(loss, true, parameters)
    assert likelihood[0].item() == pytest.approx(-stats.norm.logpdf(0.1), rel=1e-9)
