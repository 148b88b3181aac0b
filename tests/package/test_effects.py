"""Effects of pairs, against what the student predicts for each sequence."""

import numpy as np
import pytest
from scipy import stats

from degu.errors import DeguError
from degu.package.effects import effects_of_pairs


class Student:
    """A student whose mean is the number of A, and whose differences have a known standard deviation."""

    def __init__(self, std: float | None) -> None:
        self.std = std

    def predict(self, tokens):
        return {"mean": (tokens == 0).sum(axis=1, keepdims=True).astype(np.float32)}

    def std_of_difference(self, first, second):
        return None if self.std is None else np.full((len(first), 1), self.std)


FIRST, SECOND = np.array([[0, 0, 1], [2, 2, 2]], dtype=np.uint8), np.array([[1, 1, 1], [2, 0, 2]], dtype=np.uint8)


def test_the_effect_is_the_second_less_the_first_with_a_normal_interval():
    found = effects_of_pairs(Student(0.5), FIRST, SECOND, 0.8)
    np.testing.assert_array_equal(found["reference"], [[2], [0]])
    np.testing.assert_array_equal(found["alternative"], [[0], [1]])
    np.testing.assert_array_equal(found["effect"], [[-2], [1]])
    ends = stats.norm(loc=found["effect"], scale=0.5).interval(0.8)
    np.testing.assert_allclose([found["effect_lower"], found["effect_upper"]], ends)


def test_a_student_without_a_head_for_differences_gives_effects_alone():
    assert set(effects_of_pairs(Student(None), FIRST, SECOND, 0.8)) == {"reference", "alternative", "effect"}


@pytest.mark.parametrize("level", [0, 1, 95])
def test_a_level_that_is_no_probability_is_refused(level):
    with pytest.raises(DeguError, match="between 0 and 1"):
        effects_of_pairs(Student(0.5), FIRST, SECOND, level)
