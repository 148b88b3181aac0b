"""The squared 2-Wasserstein distance between normal distributions against its integral over quantiles."""

import numpy as np
import pytest
from scipy import integrate, stats

from degu.losses.squared_wasserstein import loss
from tests.losses.arrays import every_type, gradients_of, single, value_of


def example() -> tuple[dict, dict]:
    rng = np.random.default_rng(11)

    def heads() -> dict:
        return {"mean": single(rng.normal(size=(8, 2))), "epistemic": single(rng.uniform(0.1, 2, size=(8, 2)))}

    return heads(), heads()


def distance(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Return the integral of the squared difference of the quantiles, over the quantile of the standard normal."""
    p, q = stats.norm(*first), stats.norm(*second)

    def integrand(z: float) -> float:
        # Of the nearer tail, so that no probability is rounded to one.
        quantile = (lambda law: law.ppf(stats.norm.cdf(z))) if z < 0 else (lambda law: law.isf(stats.norm.sf(z)))
        return (quantile(p) - quantile(q)) ** 2 * stats.norm.pdf(z)

    return integrate.quad(integrand, -10, 0)[0] + integrate.quad(integrand, 0, 10)[0]


@every_type
def test_it_is_the_distance_of_the_quantiles(dtype, near):
    true, predicted = example()
    values = value_of(loss, true, predicted, dtype)
    for row in range(8):
        for target in range(2):
            pair = [(heads["mean"][row, target], heads["epistemic"][row, target]) for heads in (true, predicted)]
            assert values[row, target] == pytest.approx(distance(*pair), rel=max(near, 1e-7), abs=max(near, 1e-7))


def test_it_is_the_published_squared_error_of_both_heads():
    true, predicted = example()
    expected = sum((true[head] - predicted[head]) ** 2 for head in ("mean", "epistemic"))
    np.testing.assert_allclose(value_of(loss, true, predicted), expected, rtol=1e-12)
    gradients = gradients_of(loss, true, predicted)
    for head in ("mean", "epistemic"):
        np.testing.assert_allclose(gradients[head], 2 * (predicted[head] - true[head]), rtol=1e-9)
