"""Candidates, and how those with the highest scores are taken."""

import numpy as np
import pytest
from scipy import stats

from degu.acquisition.candidates import Candidates, highest
from degu.errors import DeguError


def test_without_temperature_those_with_the_highest_mean_over_targets_are_taken_from_the_highest_on():
    rng = np.random.default_rng(3)
    std = rng.uniform(size=(50, 2))
    ranked = sorted(range(50), key=lambda index: -(std[index, 0] + std[index, 1]))
    assert highest(std, 7, rng, 0.0).tolist() == ranked[:7]


def test_of_equal_ones_the_first_is_taken():
    assert highest(np.ones((5, 1)), 3, np.random.default_rng(1), 0.0).tolist() == [0, 1, 2]


@pytest.mark.parametrize("temperature", [0.5, 1.0])
def test_with_temperature_they_are_drawn_by_a_power_of_the_std(temperature):
    std, rng = np.array([[1.0], [2.0], [4.0]]), np.random.default_rng(8)
    first = [highest(std, 1, rng, temperature)[0] for _ in range(4000)]
    chances = std[:, 0] ** (1 / temperature)
    expected = 4000 * chances / chances.sum()
    assert stats.chisquare(np.bincount(first, minlength=3), expected).pvalue > 0.001


def test_what_is_drawn_is_drawn_without_replacement_and_never_without_uncertainty_before_others():
    std = np.array([[0.0], [1.0], [0.5], [0.0], [2.0]])
    for seed in range(20):
        taken = highest(std, 4, np.random.default_rng(seed), 1.0)
        assert len(set(taken.tolist())) == 4
        assert set(taken[:3].tolist()) == {1, 2, 4}


def test_a_head_that_the_student_does_not_have_is_told_with_those_that_it_has():
    candidates = Candidates(2, student={"aleatoric": np.ones((2, 1)), "total": np.ones((2, 1))})
    with pytest.raises(
        DeguError, match=r"predicts no epistemic standard deviation\n  expected: one of aleatoric, total"
    ):
        candidates.student_std("epistemic")
