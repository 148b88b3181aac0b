"""Deep evidential regression against Student's t and the normal-inverse-gamma of SciPy."""

import numpy as np
import pytest
from scipy import integrate, stats

from degu.losses.evidential import FLOOR, constrained, heads, loss
from tests.losses.arrays import every_type, gradients_of, single, tensors, value_of


def example(rows: int = 40) -> tuple[dict, dict]:
    """Return measurements, and parameters as the softplus of a model puts them out."""
    rng = np.random.default_rng(12)
    shape = (rows, 2)
    parameters = {"mean": rng.normal(size=shape)} | {
        name: np.exp(rng.normal(scale=1.2, size=shape)) for name in ("evidence", "shape", "rate")
    }
    return {"measured": single(2 * rng.normal(size=shape))}, {name: single(v) for name, v in parameters.items()}


def prior(parameters: dict) -> tuple[np.ndarray, ...]:
    """Return gamma, nu, alpha and beta."""
    return (
        parameters["mean"],
        parameters["evidence"] + FLOOR,
        parameters["shape"] + 1 + FLOOR,
        parameters["rate"] + FLOOR,
    )


def student_t(parameters: dict):
    gamma, nu, alpha, beta = prior(parameters)
    return stats.t(df=2 * alpha, loc=gamma, scale=np.sqrt(beta * (1 + nu) / (nu * alpha)))


@every_type
def test_without_regularization_it_is_the_likelihood_under_students_t(dtype, near):
    true, parameters = example()
    expected = -student_t(parameters).logpdf(true["measured"])
    values = value_of(loss, true, parameters, dtype, regularization=0.0)
    np.testing.assert_allclose(values, expected, rtol=near, atol=near)


def test_the_likelihood_is_that_of_a_normal_whose_mean_and_variance_are_drawn_from_the_prior():
    true = {"measured": np.array([[0.4]])}
    nu, alpha, beta = 1.5, 2.5, 0.8
    parameters = {
        name: np.array([[value]])
        for name, value in {"mean": -0.2, "evidence": nu, "shape": alpha - 1, "rate": beta}.items()
    }

    def integrand(variance: float) -> float:
        # The mean's own normal distribution, of variance / nu, is convolved with that of the measurement.
        marginal = stats.norm(-0.2, np.sqrt(variance * (1 + 1 / nu)))
        return stats.invgamma.pdf(variance, alpha, scale=beta) * marginal.pdf(0.4)

    likelihood = integrate.quad(integrand, 0, np.inf)[0]
    values = value_of(loss, true, parameters, regularization=0.0)
    assert values.item() == pytest.approx(-np.log(likelihood), rel=1e-5)


@pytest.mark.parametrize("regularization", [0.01, 1.0])
@every_type
def test_the_regularization_is_the_error_times_the_total_evidence(regularization, dtype, near):
    true, parameters = example()
    gamma, nu, alpha, _ = prior(parameters)
    expected = -student_t(parameters).logpdf(true["measured"])
    expected += regularization * np.abs(true["measured"] - gamma) * (2 * nu + alpha)
    values = value_of(loss, true, parameters, dtype, regularization=regularization)
    np.testing.assert_allclose(values, expected, rtol=near, atol=near)


def test_the_regularization_is_a_hundredth_unless_it_is_said_otherwise():
    true, parameters = example()
    np.testing.assert_array_equal(
        value_of(loss, true, parameters), value_of(loss, true, parameters, regularization=0.01)
    )


def test_evidence_shape_above_one_and_rate_are_kept_above_zero():
    zero = {name: np.zeros((1, 1)) for name in ("mean", "evidence", "shape", "rate")}
    for dtype in ("float32", "float64"):
        gamma, nu, excess, beta = (part.numpy().item() for part in constrained(tensors(zero, dtype)))
        assert gamma == 0
        assert nu > 0 and excess > 0 and beta > 0
    assert np.isfinite(value_of(loss, {"measured": np.ones((1, 1))}, zero, "float32")).all()
    for part in heads(tensors(zero, "float32")).values():
        assert np.isfinite(part.numpy()).all()


@every_type
def test_the_heads_are_the_moments_of_the_prior(dtype, near):
    _, parameters = example()
    gamma, nu, alpha, beta = prior(parameters)
    found = {head: values.numpy() for head, values in heads(tensors(parameters, dtype)).items()}
    assert list(found) == ["mean", "aleatoric", "epistemic"]
    np.testing.assert_array_equal(found["mean"], gamma.astype(dtype))
    np.testing.assert_allclose(found["aleatoric"], np.sqrt(beta / (alpha - 1)), rtol=near)
    np.testing.assert_allclose(found["epistemic"], np.sqrt(beta / (nu * (alpha - 1))), rtol=near)
    # The expectation of the variance, as SciPy has it.
    np.testing.assert_allclose(found["aleatoric"] ** 2, stats.invgamma.mean(alpha, scale=beta), rtol=2 * near)


def test_the_two_variances_together_are_that_of_a_new_measurement():
    _, parameters = example()
    found = {head: values.numpy() for head, values in heads(tensors(parameters, "float64")).items()}
    total = found["aleatoric"] ** 2 + found["epistemic"] ** 2
    np.testing.assert_allclose(total, student_t(parameters).var(), rtol=1e-9)


def test_it_pulls_the_mean_to_the_measurement():
    true, parameters = example()
    gradients = gradients_of(loss, true, parameters)
    np.testing.assert_array_equal(np.sign(gradients["mean"]), np.sign(parameters["mean"] - true["measured"]))
    assert all(np.isfinite(gradient).all() for gradient in gradients.values())


def test_its_gradients_are_those_of_finite_differences():
    true, parameters = example(6)
    gradients = gradients_of(loss, true, parameters)
    for name in parameters:
        step = 1e-6
        up, down = (value_of(loss, true, {**parameters, name: parameters[name] + s}) for s in (step, -step))
        np.testing.assert_allclose(gradients[name], (up - down) / (2 * step), rtol=1e-5, atol=1e-6)
