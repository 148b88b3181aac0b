"""A person is told of a wrong value with its place, what was expected, and a remedy that works there."""

import datetime

import pytest

from degu.config.schemas import complete
from degu.errors import DeguError

INNER = {"type": "object", "properties": {"members": {"type": "integer"}}}


def told(values, properties, where="mine.yaml"):
    schema = {"type": "object", "additionalProperties": False, "properties": properties}
    with pytest.raises(DeguError) as caught:
        complete(values, schema, where=where)
    return str(caught.value)


@pytest.mark.parametrize(
    ("kind", "value", "remedy"),
    [
        ("number", "1e-3", "write 1.0e-3"),
        ("integer", "010", "without leading zeros"),
        ("array", "degu", "write a list: [degu]"),
        ("string", 3, "write it in quotes"),
        ("string", 0.5, "write it in quotes"),
        ("string", True, "write the text in quotes"),
    ],
)
def test_a_value_of_another_type_is_reported_with_a_remedy(kind, value, remedy):
    message = told({"key": value}, {"key": {"type": kind}})
    assert message.startswith("mine.yaml: key: ")
    assert f"is not of type '{kind}'\n  remedy: " in message
    assert message.endswith(remedy)


@pytest.mark.parametrize(
    ("kind", "value"), [("integer", "many"), ("integer", "{"), ("string", None), ("string", datetime.date(2024, 1, 1))]
)
def test_a_value_for_which_no_advice_fits_gets_none(kind, value):
    assert "remedy" not in told({"key": value}, {"key": {"type": kind}})


@pytest.mark.parametrize("key", ["members", "study.members"])
def test_a_key_of_an_inner_mapping_is_told_where_it_belongs(key):
    properties = {"members_per_job": {"type": "integer"}, "study": INNER}
    message = told({key: 3}, properties, "configuration")
    assert f"unknown key '{key}'\n  expected: `members` is a key within `study`" in message
    assert message.endswith("write `study: {members: ...}` there, or on the command line: --config 'study.members=...'")


def test_a_command_line_names_all_mappings_that_a_key_is_within():
    properties = {"attribution": {"type": "object", "additionalProperties": False, "properties": {"study": INNER}}}
    message = told({"attribution": {"members": 3}}, properties, "configuration")
    assert message.startswith("configuration: attribution: unknown key 'members'")
    assert message.endswith("--config 'attribution.study.members=...'")


def test_an_empty_list_is_answered_with_the_command_that_fills_it():
    names = {"names": {"type": "array", "minItems": 1}}
    assert told({"names": []}, names, "configuration").endswith("remedy:   name one, as in --config 'names=[NAME]'")
    assert "remedy" not in told({"names": []}, names)


def test_no_command_line_is_proposed_for_a_key_of_another_file():
    message = told({"members": 3}, {"split": INNER, "study": INNER})
    assert "`members` is a key within `split` and `study`" in message
    assert message.endswith("remedy:   write `split: {members: ...}` or `study: {members: ...}` there")
    assert "--config" not in told({"names": "mine"}, {"names": {"type": "array"}})
