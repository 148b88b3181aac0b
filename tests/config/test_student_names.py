"""What the name of a student changes in its recipe."""

import pytest

from degu.config.student_names import StudentName, parse_student_name
from degu.errors import DeguError


@pytest.mark.parametrize(
    ("name", "parts", "changes"),
    [
        ("degu", ("degu", None, None, None), {}),
        ("degu-5", ("degu", 5, None, None), {"ensemble_size": 5}),
        ("degu@random", ("degu", None, "random", None), {"pool": "random", "pool_size": None}),
        ("degu@random-4000", ("degu", None, "random", 4000), {"pool": "random", "pool_size": 4000}),
        ("degu@none", ("degu", None, "none", None), {"pool": None, "pool_size": None}),
        ("a_b2-10@c_3-7", ("a_b2", 10, "c_3", 7), {"ensemble_size": 10, "pool": "c_3", "pool_size": 7}),
    ],
)
def test_a_name_tells_what_it_changes(name, parts, changes):
    assert parse_student_name(name) == StudentName(*parts)
    assert parse_student_name(name).changes() == changes


@pytest.mark.parametrize(
    "name",
    [
        "degu-",
        "degu-1",
        "degu-0",
        "degu-05",
        "degu-five",
        "degu@",
        "degu@random-0",
        "degu@none-5",
        "@random",
        "a b",
        "a/b",
        "",
    ],
)
def test_another_form_is_refused(name):
    with pytest.raises(DeguError, match=r"study\.students: '.*' is no name of a student\n  expected: RECIPE, RECIPE-K"):
        parse_student_name(name)
