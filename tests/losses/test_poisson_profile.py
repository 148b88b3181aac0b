"""The Poisson likelihood of a profile against SciPy's of each position."""

import numpy as np
from scipy import special, stats

from degu.losses.poisson_profile import heads, loss
from tests.losses.arrays import every_type, flat, gradients_of, profile_of_counts, single, tensors, value_of


def example() -> tuple[dict, dict]:
    counts, logits = profile_of_counts()
    log_count = single(np.random.default_rng(21).normal(3, 1, size=counts.shape[:2]))
    return {"profile": counts}, {"log_count": log_count, "profile_logits": logits}


def expected_counts(parameters: dict) -> np.ndarray:
    probabilities = special.softmax(flat(parameters["profile_logits"]), axis=-1)
    return np.exp(parameters["log_count"])[..., None] * probabilities


@every_type
def test_it_is_the_negative_log_likelihood_of_every_position(dtype, near):
    true, parameters = example()
    expected = -stats.poisson.logpmf(flat(true["profile"]), expected_counts(parameters)).sum(axis=-1)
    np.testing.assert_allclose(value_of(loss, true, parameters, dtype), expected, rtol=near, atol=near)


@every_type
def test_the_mean_is_the_logarithm_of_one_and_the_expected_total(dtype, near):
    _, parameters = example()
    found = heads(tensors(parameters, dtype))
    np.testing.assert_allclose(found["mean"], np.log1p(expected_counts(parameters).sum(axis=-1)), rtol=near)
    spread = np.expm1(found["mean"])[..., None] * flat(found["profile"].numpy())
    np.testing.assert_allclose(spread, expected_counts(parameters), rtol=10 * near)


def test_its_gradients_are_expected_less_measured_counts():
    true, parameters = example()
    gradients = gradients_of(loss, true, parameters)
    total = flat(true["profile"]).sum(axis=-1)
    np.testing.assert_allclose(gradients["log_count"], np.exp(parameters["log_count"]) - total, atol=1e-9)
    probabilities = special.softmax(flat(parameters["profile_logits"]), axis=-1)
    expected = total[..., None] * probabilities - flat(true["profile"])
    np.testing.assert_allclose(flat(gradients["profile_logits"]), expected, atol=1e-9)


def test_the_mean_is_never_negative_and_always_has_a_gradient():
    true, parameters = example()
    low = {**parameters, "log_count": np.full_like(parameters["log_count"], -50.0)}
    assert (heads(tensors(low, "float32"))["mean"].numpy() >= 0).all()
    gradient = gradients_of(loss, true, low)["log_count"]
    np.testing.assert_allclose(gradient[1:], -flat(true["profile"]).sum(axis=-1)[1:], rtol=1e-9)
