"""Recipes of students that cannot be distilled from their teacher are refused."""

import pytest

from degu.errors import DeguError


def test_the_ensemble_size_is_at_most_the_number_of_members(configure):
    assert configure(student={"ensemble_size": 4}).student("big", "plain")["ensemble_size"] == 4
    with pytest.raises(DeguError, match=r"plain\.yaml: ensemble_size: 'plain' is distilled from 5 members\n.* the 4 "):
        configure(student={"ensemble_size": 5})


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"study": {"students": ["plain-5"]}}, "configuration"),
        ({"dataset": {"study": {"students": ["plain-5"]}}}, r".*datasets/mine\.yaml"),
    ],
)
def test_a_number_of_members_in_a_students_name_is_reported_where_the_name_stands(configure, changes, place):
    message = rf"^{place}: study\.students: 'plain-5' is distilled from 5 members\n  expected: at most the 4 members"
    with pytest.raises(DeguError, match=message):
        configure(**changes)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"study": {"students": ["plain-x"]}}, "configuration"),
        ({"dataset": {"study": {"students": ["plain-x"]}}}, r".*datasets/mine\.yaml"),
        ({"study": {"students": ["plain-x"]}, "dataset": {"study": {"fractions": [1.0]}}}, "configuration"),
    ],
)
def test_a_bad_name_of_a_student_is_reported_where_it_stands(configure, changes, place):
    with pytest.raises(DeguError, match=rf"^{place}: study\.students: 'plain-x' is no name of a student"):
        configure(**changes)


def test_the_ensemble_size_is_compared_with_the_data_sets_own_number_of_members(configure):
    with pytest.raises(DeguError, match="at most the 2 members"):
        configure(student={"ensemble_size": 3}, dataset={"study": {"members": 2}})


def test_a_student_of_a_teacher_that_predicts_with_dropout_is_refused(configure):
    with pytest.raises(DeguError, match="dropout_passes"):
        configure(teacher={"prediction": {"dropout_passes": 5}})


@pytest.mark.parametrize(
    "own",
    [
        {"heads": ["mean", "aleatoric", "epistemic"]},
        {"heads": ["mean", "aleatoric", "epistemic"], "loss": {"name": "evidential_of_members"}},
        {"heads": ["mean", "lower", "epistemic"]},
    ],
)
def test_a_student_that_needs_a_head_that_its_teacher_lacks_is_refused(configure, own):
    with pytest.raises(DeguError, match=r"plain\.yaml"):
        configure(teacher={"heads": ["mean"]}, student=own)


def test_a_student_of_profiles_predicts_their_uncertainty(profiles):
    with pytest.raises(DeguError, match=r"follower\.yaml: heads: a student of profiles(.|\n)*'profile_epistemic'"):
        profiles(student={"heads": ["mean", "profile"]})
