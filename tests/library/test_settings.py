"""What of a training is seldom changed."""

import pytest

from degu.errors import DeguError
from degu.library.settings import Settings, check_number


def test_strands_are_a_change_of_the_recipe():
    assert Settings(teacher={"epochs": 3}).changes_of_members == {"strands": "one", "epochs": 3}
    assert Settings(strands="both").changes_of_members == {"strands": "both"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"students": 0}, "students: 0 was given(?s:.*)a whole number of 1 or more"),
        ({"together": 2.5}, "together: 2.5 was given"),
        ({"strands": "two"}, "strands: 'two' was given(?s:.*)'one' or 'both'"),
    ],
)
def test_what_is_out_of_range_is_refused(arguments, told):
    with pytest.raises(DeguError, match=told):
        Settings(**arguments)


@pytest.mark.parametrize("value", [1, -3, True, "2", None, 2.0])
def test_a_number_is_whole_and_large_enough(value):
    check_number(2, "members", 2)
    with pytest.raises(DeguError, match=r"members: (?s:.*)2 or more"):
        check_number(value, "members", 2)
