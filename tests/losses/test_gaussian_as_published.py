"""The published heteroscedastic loss, its defect included."""

import math

import numpy as np
import pytest
from scipy import optimize

from degu.losses import gaussian
from degu.losses.gaussian_as_published import loss
from tests.losses.arrays import every_type, gradients_of, single, value_of


def example(rows: int, targets: int = 2) -> tuple[dict, dict]:
    rng = np.random.default_rng(2)
    noise = rng.uniform(0.2, 2, size=(rows, targets))
    true = {"measured": single(noise * rng.normal(size=(rows, targets)))}
    predicted = {"mean": single(0.1 * rng.normal(size=(rows, targets))), "aleatoric": single(noise)}
    return true, predicted


def double_loop(measured: np.ndarray, mean: np.ndarray, std: np.ndarray) -> float:
    """Return the mean over all pairs of the published code, for one target."""
    total = 0.0
    for i in range(len(measured)):
        for j in range(len(measured)):
            variance = float(std[i]) ** 2
            total += 0.5 * (math.log(2 * math.pi * variance) + (float(measured[j]) - float(mean[j])) ** 2 / variance)
    return total / len(measured) ** 2


@pytest.mark.parametrize("rows", [1, 2, 7])
@pytest.mark.parametrize("targets", [1, 3])
@every_type
def test_a_batchs_value_is_the_mean_over_every_error_under_every_variance(rows, targets, dtype, near):
    true, predicted = example(rows, targets)
    values = value_of(loss, true, predicted, dtype)
    assert values.shape == (rows, targets)
    for target in range(targets):
        column = [array[:, target] for array in (true["measured"], predicted["mean"], predicted["aleatoric"])]
        assert values[:, target].mean() == pytest.approx(double_loop(*column), rel=near, abs=near)


def test_it_is_what_arrays_of_the_published_shapes_broadcast_to():
    true, predicted = example(7, 1)
    # Errors of shape (B,) and variances of shape (B, 1).
    squared, variance = (true["measured"] - predicted["mean"])[:, 0] ** 2, predicted["aleatoric"] ** 2
    published = 0.5 * (np.log(2 * np.pi * variance) + squared / variance)
    assert published.shape == (7, 7)
    np.testing.assert_allclose(value_of(loss, true, predicted)[:, 0], published.mean(axis=1), rtol=1e-9)


def test_a_sample_is_compared_with_others_where_the_likelihood_is_not():
    true, predicted = example(7, 1)
    alone = {name: values[:1] for name, values in true.items()}, {name: v[:1] for name, v in predicted.items()}
    assert value_of(loss, true, predicted)[0] != pytest.approx(value_of(loss, *alone)[0], rel=1e-3)
    assert value_of(gaussian.loss, true, predicted)[0] == pytest.approx(value_of(gaussian.loss, *alone)[0])
    np.testing.assert_allclose(value_of(loss, *alone), value_of(gaussian.loss, *alone))


def test_a_constant_variance_is_its_best_whatever_the_noise():
    true, predicted = example(12, 1)
    error = true["measured"] - predicted["mean"]

    def batch_value(log_std: np.ndarray, function) -> tuple[float, np.ndarray]:
        std = np.exp(log_std)[:, None]
        heads = {**predicted, "aleatoric": std}
        slope = gradients_of(function, true, heads)["aleatoric"] * std
        return float(value_of(function, true, heads).sum()), slope[:, 0]

    start = np.random.default_rng(3).normal(size=12)
    best, meant = (
        np.exp(optimize.minimize(batch_value, start, args=(function,), jac=True, method="BFGS", tol=1e-7).x)
        for function in (loss, gaussian.loss)
    )
    np.testing.assert_allclose(best, np.sqrt(np.mean(error**2)), rtol=1e-4)
    np.testing.assert_allclose(meant, np.abs(error[:, 0]), rtol=1e-3)


def test_the_true_noise_is_worse_than_a_constant_by_it_and_better_by_the_likelihood():
    true, predicted = example(4000, 1)
    error = true["measured"] - predicted["mean"]
    constant = {**predicted, "aleatoric": np.full_like(error, np.sqrt(np.mean(error**2)))}
    assert value_of(loss, true, constant).mean() < value_of(loss, true, predicted).mean() - 0.1
    assert value_of(gaussian.loss, true, predicted).mean() < value_of(gaussian.loss, true, constant).mean() - 0.1
