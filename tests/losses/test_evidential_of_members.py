"""Distillation into a normal-inverse-gamma against SciPy's inverse gamma and normal distributions."""

import numpy as np
import pytest
from scipy import stats

from degu.losses import evidential
from degu.losses.evidential_of_members import FLOOR, PARAMETERS, heads, loss
from tests.losses.arrays import every_type, gradients_of, single, value_of


def example(rows: int = 30, members: int = 4) -> tuple[dict, dict]:
    rng = np.random.default_rng(14)
    true = {
        "member_mean": single(rng.normal(size=(rows, members, 2))),
        "member_aleatoric": single(rng.uniform(0.2, 1.5, size=(rows, members, 2))),
    }
    parameters = {"mean": rng.normal(size=(rows, 2))} | {
        name: np.exp(rng.normal(scale=0.8, size=(rows, 2))) for name in ("evidence", "shape", "rate")
    }
    return true, {name: single(values) for name, values in parameters.items()}


def log_density(mean: np.ndarray, variance: np.ndarray, parameters: dict) -> np.ndarray:
    """Return the logarithm of the normal-inverse-gamma density of a mean and a variance."""
    nu, beta = parameters["evidence"] + evidential.FLOOR, parameters["rate"] + evidential.FLOOR
    alpha = parameters["shape"] + 1 + evidential.FLOOR
    of_mean = stats.norm.logpdf(mean, parameters["mean"], np.sqrt(variance / nu))
    return of_mean + stats.invgamma.logpdf(variance, alpha, scale=beta)


@every_type
def test_it_is_the_mean_over_members_of_their_negative_log_density(dtype, near):
    true, parameters = example()
    densities = [
        log_density(true["member_mean"][:, member], true["member_aleatoric"][:, member] ** 2, parameters)
        for member in range(4)
    ]
    expected = -np.mean(densities, axis=0)
    np.testing.assert_allclose(value_of(loss, true, parameters, dtype), expected, rtol=near, atol=near)


def test_its_parameters_and_heads_are_those_of_evidential_regression():
    assert PARAMETERS == evidential.PARAMETERS
    assert heads is evidential.heads


@pytest.mark.parametrize("std", [0.0, -0.3, FLOOR / 2])
def test_a_members_std_below_the_floor_counts_as_the_floor(std):
    true, parameters = example()
    below, at = ({**true, "member_aleatoric": np.full_like(true["member_mean"], value)} for value in (std, FLOOR))
    values = value_of(loss, below, parameters)
    assert np.isfinite(values).all()
    np.testing.assert_array_equal(values, value_of(loss, at, parameters))


def test_it_pulls_the_mean_to_that_of_the_members_weighted_by_their_precision():
    true, parameters = example()
    precision = 1 / true["member_aleatoric"] ** 2
    best = (precision * true["member_mean"]).sum(axis=1) / precision.sum(axis=1)
    gradient = gradients_of(loss, true, parameters)["mean"]
    np.testing.assert_array_equal(np.sign(gradient), np.sign(parameters["mean"] - best))


def test_draws_of_a_prior_are_best_explained_by_it():
    gamma, nu, alpha, beta = 0.3, 2.0, 3.5, 1.2
    rng = np.random.default_rng(15)
    variance = stats.invgamma.rvs(alpha, scale=beta, size=200_000, random_state=rng)
    mean = rng.normal(gamma, np.sqrt(variance / nu))
    true = {"member_mean": mean[None, :, None], "member_aleatoric": np.sqrt(variance)[None, :, None]}
    parameters = {
        name: np.array([[value]])
        for name, value in {"mean": gamma, "evidence": nu, "shape": alpha - 1, "rate": beta}.items()
    }
    for gradient in gradients_of(loss, true, parameters).values():
        assert abs(gradient.item()) < 0.02
