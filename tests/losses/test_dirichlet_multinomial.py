"""The Dirichlet-multinomial likelihood against SciPy's."""

import numpy as np
import pytest
from scipy import special, stats

from degu.losses import multinomial
from degu.losses.dirichlet_multinomial import heads, loss
from tests.losses.arrays import every_type, flat, gradients_of, profile_of_counts, single, tensors, value_of


def example() -> tuple[dict, dict]:
    counts, logits = profile_of_counts()
    log_concentration = single(np.random.default_rng(22).uniform(-1, 5, size=counts.shape[:2]))
    return {"profile": counts}, {"profile_logits": logits, "log_concentration": log_concentration}


@every_type
def test_it_is_the_negative_log_likelihood_of_the_counts_given_their_total(dtype, near):
    true, parameters = example()
    counts = flat(true["profile"]).astype(int)
    probabilities = special.softmax(flat(parameters["profile_logits"]), axis=-1)
    alpha = np.exp(parameters["log_concentration"])[..., None] * probabilities
    expected = [
        [-stats.dirichlet_multinomial.logpmf(counts[row, target], alpha[row, target], counts[row, target].sum())]
        for row in range(len(counts))
        for target in range(2)
    ]
    values = value_of(loss, true, parameters, dtype)
    np.testing.assert_allclose(values, np.reshape(expected, (-1, 2)), rtol=near, atol=10 * near)


@pytest.mark.parametrize("log_concentration", [25.0, 35.0, 500.0])
@every_type
def test_a_large_concentration_is_the_multinomial(log_concentration, dtype, near):
    true, parameters = example()
    parameters["log_concentration"][:] = log_concentration
    logits = {"profile_logits": parameters["profile_logits"]}
    expected = value_of(multinomial.loss, true, logits)
    np.testing.assert_allclose(value_of(loss, true, parameters, dtype), expected, rtol=near, atol=near * 10)
    gradients, limit = gradients_of(loss, true, parameters), gradients_of(multinomial.loss, true, logits)
    np.testing.assert_allclose(gradients["profile_logits"], limit["profile_logits"], atol=1e-6)
    np.testing.assert_allclose(gradients["log_concentration"], 0, atol=1e-6)


def test_its_gradients_are_those_of_finite_differences():
    true, parameters = example()
    gradients = gradients_of(loss, true, parameters)
    step = 1e-5
    up, down = (
        value_of(loss, true, {**parameters, "log_concentration": parameters["log_concentration"] + s})
        for s in (step, -step)
    )
    np.testing.assert_allclose(gradients["log_concentration"], (up - down) / (2 * step), rtol=1e-5, atol=1e-6)
    moved = np.zeros_like(parameters["profile_logits"])
    moved[:, :, 1, 3] = step
    up, down = (
        value_of(loss, true, {**parameters, "profile_logits": parameters["profile_logits"] + s})
        for s in (moved, -moved)
    )
    np.testing.assert_allclose(gradients["profile_logits"][:, :, 1, 3], (up - down) / (2 * step), rtol=1e-5, atol=1e-6)


def test_it_learns_how_much_more_than_independent_counts_a_profile_varies():
    """The loss is lowest at the concentration that the counts were drawn with."""
    rng = np.random.default_rng(23)
    logits = rng.normal(size=(1, 1, 1, 20))
    concentration = 40.0
    alpha = concentration * special.softmax(logits.ravel())
    counts = np.array([rng.multinomial(300, rng.dirichlet(alpha)) for _ in range(2000)], dtype=float)
    true = {"profile": counts.reshape(2000, 1, 1, 20)}
    tried = np.log(concentration) + np.array([-1, -0.2, 0, 0.2, 1])
    means = []
    for log_concentration in tried:
        parameters = {
            "profile_logits": np.broadcast_to(logits, (2000, 1, 1, 20)),
            "log_concentration": np.full((2000, 1), log_concentration),
        }
        means.append(value_of(loss, true, parameters).mean())
    assert np.argmin(means) == 2


def test_extreme_parameters_overflow_nothing_in_single_precision():
    counts = np.array([[[[0.0, 1.0, 60_000.0]]]])
    for log_concentration in (-200.0, 0.0, 200.0):
        for logits in ([0.0, 0.0, 0.0], [90.0, -90.0, 0.0]):
            parameters = {
                "profile_logits": np.reshape(logits, (1, 1, 1, 3)),
                "log_concentration": np.full((1, 1), log_concentration),
            }
            assert np.isfinite(value_of(loss, {"profile": counts}, parameters, "float32")).all()
            for gradient in gradients_of(loss, {"profile": counts}, parameters).values():
                assert np.isfinite(gradient).all()


def test_its_profile_is_the_mean_of_the_distribution():
    _, parameters = example()
    found = heads(tensors(parameters, "float64"))
    assert list(found) == ["profile"]
    mean = special.softmax(flat(parameters["profile_logits"]), axis=-1)
    np.testing.assert_allclose(flat(found["profile"].numpy()), mean, rtol=1e-12)
