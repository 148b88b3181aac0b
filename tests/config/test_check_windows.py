"""Windows and negatives of recipes, and what a data set has for them."""

import pytest

from degu.errors import DeguError
from tests.config.conftest import PROFILES, write


def windows(**given):
    return {"windows": {"jitter": 5, **given}}


def test_by_default_each_epoch_has_all_rows(profiles):
    own = profiles(teacher=windows()).teacher("net")["windows"]
    assert (own["negatives"], own["rows"], own["count_threshold"]) == (None, "all", None)


def test_a_student_has_the_negatives_of_its_teacher_unless_it_says_otherwise(profiles):
    teacher = windows(negatives=0.1)
    assert profiles(teacher=teacher).student("net", "follower")["windows"]["negatives"] == 0.1
    other = profiles(teacher=teacher, student={"windows": {"negatives": None}})
    assert other.student("net", "follower")["windows"] == {**other.teacher("net")["windows"], "negatives": None}


@pytest.mark.parametrize(
    ("teacher", "message"),
    [
        (
            windows(count_threshold=0.5),
            r"net\.yaml: windows\.count_threshold: .*has no effect on a training on regions",
        ),
        (windows(rows="negatives", negatives=0.1), r"net\.yaml: windows\.negatives: there are no regions"),
        (windows(rows="negatives") | {"resampling": "folds"}, r"net\.yaml: resampling: .*on negatives alone"),
        (windows(negatives=-1), r"net\.yaml: windows\.negatives"),
        (windows(rows="regions"), r"net\.yaml: windows\.rows"),
        (windows(rows="negatives", count_threshold=0), r"net\.yaml: windows\.count_threshold"),
    ],
)
def test_settings_of_negatives_that_do_not_fit_are_refused(profiles, teacher, message):
    with pytest.raises(DeguError, match=message):
        profiles(teacher=teacher)


def test_a_pool_and_negatives_do_not_both_make_an_epoch(profiles):
    write(profiles.folder, "pools", "mine", {"source": {"name": "random", "number": 50}})
    student = {
        "labels": "kept",
        "originals": True,
        "pool": "mine",
        "windows": {"reverse_complement": False, "negatives": 0.1},
    }
    with pytest.raises(DeguError, match=r"follower\.yaml: windows\.negatives: with a pool"):
        profiles(student=student)
    with pytest.raises(DeguError, match=r"follower\.yaml: windows: windows are drawn anew"):
        profiles(student={**student, "windows": {"jitter": 1}})


def test_negatives_alone_need_a_data_set_that_has_some(profiles):
    assert profiles(teacher=windows(rows="negatives"))
    message = r"(?s)counted\.yaml: options: 'net' is trained on negatives, and this data set has none.*`negatives: 1`"
    with pytest.raises(DeguError, match=message):
        profiles({"negatives": 0}, teacher=windows(rows="negatives"))
    # Where there are none, an epoch has the regions.
    assert profiles({"negatives": 0}, teacher=windows(negatives=0.1))


def test_profiles_and_drawn_windows_need_counts(configure):
    write(configure.folder, "teachers", "net", PROFILES)
    study = {"teachers": ["net"], "students": []}
    with pytest.raises(DeguError, match=r"mine\.yaml: importer: 'net' predicts 'profile', for which counts"):
        configure(study=study)
    with pytest.raises(DeguError, match=r"mine\.yaml: importer: 'big' draws its windows anew, for which counts"):
        configure(teacher=windows(), study={"students": []})
