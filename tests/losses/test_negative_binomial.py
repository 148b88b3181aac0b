"""The negative binomial likelihood of a total, and the std of its logarithm, against SciPy's."""

import numpy as np
import pytest
from scipy import stats

from degu.losses import multinomial, poisson_profile
from degu.losses.negative_binomial import heads, loss
from tests.losses.arrays import every_type, flat, gradients_of, profile_of_counts, single, tensors, value_of


def example() -> tuple[dict, dict]:
    counts, logits = profile_of_counts()
    rng = np.random.default_rng(24)
    return {"profile": counts}, {
        "log_count": single(rng.normal(3, 1, size=counts.shape[:2])),
        "log_dispersion": single(rng.uniform(-5, 1, size=counts.shape[:2])),
        "profile_logits": logits,
    }


def distribution(log_count: np.ndarray, log_dispersion: np.ndarray) -> object:
    """Return SciPy's distribution of a given mean and dispersion."""
    size = np.exp(-log_dispersion)
    return stats.nbinom(size, size / (size + np.exp(log_count)))


@every_type
def test_it_is_the_likelihood_of_the_total_and_of_its_places(dtype, near):
    true, parameters = example()
    total = flat(true["profile"]).sum(axis=-1)
    of_total = -distribution(parameters["log_count"], parameters["log_dispersion"]).logpmf(total)
    of_places = value_of(multinomial.loss, true, {"profile_logits": parameters["profile_logits"]})
    values = value_of(loss, true, parameters, dtype)
    np.testing.assert_allclose(values, of_total + of_places, rtol=near, atol=10 * near)


@pytest.mark.parametrize("log_dispersion", [-25.0, -35.0, -500.0])
@every_type
def test_without_dispersion_it_is_the_poisson_likelihood(log_dispersion, dtype, near):
    """At the largest of these dispersions, a total of a thousand counts is still dispersed by 1e-6."""
    true, parameters = example()
    parameters["log_dispersion"][:] = log_dispersion
    of_poisson = {name: parameters[name] for name in ("log_count", "profile_logits")}
    expected = value_of(poisson_profile.loss, true, of_poisson)
    np.testing.assert_allclose(value_of(loss, true, parameters, dtype), expected, rtol=near, atol=max(near, 1e-5))
    np.testing.assert_allclose(
        gradients_of(loss, true, parameters)["log_count"],
        gradients_of(poisson_profile.loss, true, of_poisson)["log_count"],
        rtol=1e-6,
        atol=1e-6,
    )


@pytest.mark.parametrize("name", ["log_count", "log_dispersion"])
def test_its_gradients_are_those_of_finite_differences(name):
    true, parameters = example()
    gradient = gradients_of(loss, true, parameters)[name]
    step = 1e-5
    up, down = (value_of(loss, true, {**parameters, name: parameters[name] + s}) for s in (step, -step))
    np.testing.assert_allclose(gradient, (up - down) / (2 * step), rtol=1e-5, atol=1e-6)


def exact(log_count: float, log_dispersion: float) -> tuple[float, float]:
    """Return the std of a count, and of the logarithm of 1 and the count, by summing over all counts."""
    counted = distribution(log_count, log_dispersion)
    counts = np.arange(int(counted.ppf(1 - 1e-10)) + 2)
    probability, logarithm = counted.pmf(counts), np.log1p(counts)
    mean = (probability * logarithm).sum()
    return float(counted.std()), float(np.sqrt((probability * (logarithm - mean) ** 2).sum()))


@pytest.mark.parametrize("mean", [10, 100, 3000])
@pytest.mark.parametrize("dispersion", [1e-3, 0.03, 0.1, 0.3])
def test_the_aleatoric_head_is_near_the_std_of_the_logarithm(mean, dispersion):
    parameters = {
        "log_count": np.full((1, 1), np.log(mean)),
        "log_dispersion": np.full((1, 1), np.log(dispersion)),
        "profile_logits": np.zeros((1, 1, 1, 4)),
    }
    found = heads(tensors(parameters, "float64"))
    assert list(found) == ["mean", "aleatoric", "profile"]
    assert found["mean"].numpy().item() == pytest.approx(np.log1p(mean), rel=1e-12)
    of_count, of_logarithm = exact(np.log(mean), np.log(dispersion))
    # The delta method takes the logarithm for a straight line of the slope that it has at the mean.
    assert found["aleatoric"].numpy().item() == pytest.approx(of_count / (1 + mean), rel=1e-9)
    assert 0.9 <= found["aleatoric"].numpy().item() / of_logarithm <= 1.0


def test_extreme_parameters_overflow_nothing_in_single_precision():
    counts = np.array([[[[0.0, 1.0, 60_000.0]]], [[[0.0, 0.0, 0.0]]]])
    for log_dispersion in (-200.0, 0.0, 200.0):
        for log_count in (-80.0, 0.0, 20.0):
            parameters = {
                "log_count": np.full((2, 1), log_count),
                "log_dispersion": np.full((2, 1), log_dispersion),
                "profile_logits": np.zeros((2, 1, 1, 3)),
            }
            assert np.isfinite(value_of(loss, {"profile": counts}, parameters, "float32")).all()
            assert all(np.isfinite(part.numpy()).all() for part in heads(tensors(parameters, "float32")).values())
            for gradient in gradients_of(loss, {"profile": counts}, parameters).values():
                assert np.isfinite(gradient).all()
