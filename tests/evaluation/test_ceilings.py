"""Ceilings against the correlations that a prediction without any error reaches."""

import numpy as np
import pytest

from degu.evaluation.ceilings import activity_ceiling, epistemic_ceiling


@pytest.mark.parametrize("members", [4, 7, 10, 20])
@pytest.mark.parametrize("spread", [0.3, 0.6])
def test_the_true_deviation_reaches_the_ceiling_of_the_deviation_over_members(members, spread):
    rng = np.random.default_rng(members)
    found, reached = [], []
    for draw in range(10):
        true = np.exp(spread * rng.standard_normal(2000))
        values = rng.standard_normal((members, 2000)) * true + rng.standard_normal(2000)
        found.append(epistemic_ceiling(values, seed=draw).highest)
        reached.append(np.corrcoef(values.std(axis=0), true)[0, 1])
    assert np.mean(found) == pytest.approx(np.mean(reached), abs=0.05 if members == 4 else 0.02)


def test_members_that_disagree_everywhere_alike_leave_nothing_to_predict():
    rng = np.random.default_rng(3)
    ceiling = epistemic_ceiling(rng.standard_normal((10, 5000)))
    assert abs(ceiling.split_half) < 0.03
    assert ceiling.highest < 0.25


def test_three_members_have_no_two_halves_with_a_deviation():
    assert np.isnan(epistemic_ceiling(np.zeros((3, 10)))).all()


@pytest.mark.parametrize("replicates", [2, 3, 5])
@pytest.mark.parametrize("noise", [0.3, 1.0])
def test_the_true_activity_reaches_the_ceiling_of_the_mean_over_replicates(replicates, noise):
    rng = np.random.default_rng(replicates)
    true = rng.standard_normal(20000)
    values = true[:, None] + noise * rng.standard_normal((20000, replicates))
    ceiling = activity_ceiling(values)
    assert ceiling.split_half == pytest.approx(1 / (1 + noise**2), abs=0.02)
    assert ceiling.reliability == pytest.approx(1 / (1 + noise**2 / replicates), abs=0.02)
    assert ceiling.highest == pytest.approx(np.corrcoef(values.mean(axis=1), true)[0, 1], abs=0.01)


def test_absent_replicates_are_left_out():
    rng = np.random.default_rng(5)
    values = rng.standard_normal(500)[:, None] + 0.5 * rng.standard_normal((500, 3))
    holes = values.copy()
    holes[:250, 2] = np.nan
    expected = [np.corrcoef(values[:, 0], values[:, 1])[0, 1]]
    expected += [np.corrcoef(values[250:, 2], values[250:, i])[0, 1] for i in (0, 1)]
    ceiling = activity_ceiling(holes)
    assert ceiling.split_half == pytest.approx(np.mean(expected))
    factor, r = 2.5, ceiling.split_half
    assert ceiling.reliability == pytest.approx(factor * r / (1 + (factor - 1) * r))


def test_one_replicate_has_no_ceiling():
    assert np.isnan(activity_ceiling(np.zeros((10, 1)))).all()
