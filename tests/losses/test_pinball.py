"""The loss of quantile regression against its definition, and against quantiles."""

import numpy as np
import pytest
from scipy import optimize
from sklearn.metrics import mean_pinball_loss

from degu.losses.pinball import loss
from tests.losses.arrays import every_type, gradients_of, single, value_of


def example() -> tuple[dict, dict]:
    rng = np.random.default_rng(5)
    true = {"measured": single(rng.normal(size=(40, 2)))}
    return true, {head: single(rng.normal(size=(40, 2))) for head in ("lower", "upper")}


@pytest.mark.parametrize("level", [0.5, 0.8, 0.9])
@every_type
def test_it_is_the_sum_of_scikit_learns_losses_of_both_ends(level, dtype, near):
    true, predicted = example()
    values = value_of(loss, true, predicted, dtype, level=level)
    for row in range(40):
        for target in range(2):
            y, lower, upper = ([array[row, target]] for array in (true["measured"], *predicted.values()))
            expected = mean_pinball_loss(y, lower, alpha=(1 - level) / 2)
            expected += mean_pinball_loss(y, upper, alpha=(1 + level) / 2)
            assert values[row, target] == pytest.approx(expected, rel=near, abs=near)


def test_the_interval_is_of_90_percent_unless_it_is_said_otherwise():
    true, predicted = example()
    np.testing.assert_array_equal(value_of(loss, true, predicted), value_of(loss, true, predicted, level=0.9))


@pytest.mark.parametrize("level", [0.5, 0.9])
def test_the_slopes_of_each_end_are_its_quantiles(level):
    true, predicted = example()
    gradients = gradients_of(loss, true, predicted, level=level)
    for head, quantile in (("lower", (1 - level) / 2), ("upper", (1 + level) / 2)):
        above = true["measured"] > predicted[head]
        np.testing.assert_allclose(gradients[head], np.where(above, -quantile, 1 - quantile))


def test_its_best_constants_are_the_quantiles_of_the_measurements():
    measured = np.random.default_rng(6).gumbel(size=(999, 1))

    def total(end: float, head: str) -> float:
        ends = {"lower": np.zeros_like(measured), "upper": np.zeros_like(measured), head: np.full_like(measured, end)}
        return float(value_of(loss, {"measured": measured}, ends, level=0.8).mean())

    for head, quantile in (("lower", 0.1), ("upper", 0.9)):
        best = optimize.minimize_scalar(total, bounds=(-5, 8), args=(head,), method="bounded", options={"xatol": 1e-6})
        assert np.mean(measured <= best.x) == pytest.approx(quantile, abs=0.003)
