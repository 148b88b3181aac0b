"""What of a training is seldom changed."""

import pytest

from degu.errors import DeguError
from degu.library.settings import Settings, check_number


def test_strands_are_a_change_of_the_recipe():
    assert Settings(teacher={"epochs": 3}).changes_of_members == {"epochs": 3}
    assert Settings(teacher={"epochs": 3}, strands="one").changes_of_members == {"strands": "one", "epochs": 3}
    assert Settings(strands="both").changes_of_members == {"strands": "both"}


def test_the_recipe_of_members_follows_from_replicates_unless_it_is_named():
    assert Settings().recipe_of_members(replicates=False) == "motif_cnn_noise"
    assert Settings().recipe_of_members(replicates=True) == "motif_cnn_noise_replicates"
    assert Settings(recipe="motif_cnn_small_assay").recipe_of_members(replicates=True) == "motif_cnn_small_assay"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"recipe": "motif_cnn_smal_assay"}, "there is no recipe(?s:.*)did you mean 'motif_cnn_small_assay'"),
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
