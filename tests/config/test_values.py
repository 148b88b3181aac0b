"""Text of the command line becomes what a setting wants, and numbers that are not finite are refused."""

import math

import numpy as np
import pytest
import yaml

from degu.config.values import check_finite, check_within, convert, range_in_words, read_as
from degu.errors import DeguError


@pytest.mark.parametrize(
    ("text", "kinds", "expected"),
    [
        ("3", ["integer"], 3),
        ("-3", ["integer"], -3),
        ("3", ["number"], 3),
        ("3.0", ["integer"], 3),
        ("2.5", ["integer"], 2.5),
        ("0.5", ["number"], 0.5),
        ("1.0e-5", ["number"], 1e-5),
        (".5", ["number"], 0.5),
        ("true", ["boolean"], True),
        ("False", ["boolean"], False),
        ("null", ["integer", "null"], None),
        ("4", ["integer", "null"], 4),
        ("null", ["string", "null"], None),
    ],
)
def test_text_with_one_reading_is_read(text, kinds, expected):
    value = read_as(text, kinds)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize("text", ["010", "1e-5", "1:30", "0x10", "1_000", "many", "", " 3", "3\n", ".", "nan", ".inf"])
def test_other_text_stays_text(text):
    assert read_as(text, ["integer", "number", "boolean"]) == text


@pytest.mark.parametrize("text", ["3", "-0.5", "1.0e-5", "1.", "7.5e+3", ".25"])
def test_a_number_is_read_as_yaml_reads_it(text):
    assert read_as(text, ["number"]) == yaml.safe_load(text)


def test_text_where_text_is_wanted_stays_text():
    assert [read_as(text, ["string"]) for text in ("3", "true", "null")] == ["3", "true", "null"]
    assert read_as("3", []) == "3"


def test_whole_numbers_with_a_point_become_integers_where_an_integer_is_wanted():
    assert type(read_as(10.0, ["integer"])) is int
    assert type(read_as(10.0, ["integer", "null"])) is int
    assert type(read_as(10.0, ["number"])) is float
    assert read_as(1.5, ["integer"]) == 1.5
    assert math.isinf(read_as(math.inf, ["integer"]))


def test_values_are_read_by_their_schema_however_deep_they_stand():
    schema = {
        "type": "object",
        "properties": {
            "names": {"type": "array", "items": {"type": "string"}},
            "fractions": {"type": "array", "items": {"type": "number"}},
            "weights": {"anyOf": [{"enum": ["equal"]}, {"type": "object", "additionalProperties": {"type": "number"}}]},
            "free": {"type": "object"},
        },
    }
    values = {"names": ["1"], "fractions": ["0.5", 1], "weights": {"mean": "2"}, "free": {"a": "3"}, "other": "4"}
    assert convert(values, schema) == {
        "names": ["1"],
        "fractions": [0.5, 1],
        "weights": {"mean": 2},
        "free": {"a": "3"},
        "other": "4",
    }
    assert values["fractions"] == ["0.5", 1]
    assert convert({"weights": "equal"}, schema) == {"weights": "equal"}


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_named_with_its_key(number):
    with pytest.raises(DeguError, match=r"^mine: a\.b\.1: (nan|-?inf) is not a finite number\n  expected: "):
        check_finite({"x": 1.0, "a": {"b": ["nan", number]}}, where="mine")
    check_finite({"x": 1e300, "a": ["nan", None, True, 10**400]}, where="mine")


@pytest.mark.parametrize(
    ("value", "bounds"),
    [
        (0, {"at_least": 0, "at_most": 1}),
        (1, {"at_least": 0, "at_most": 1}),
        (1e9, {"at_least": 0}),
        (1e-9, {"above": 0}),
        (-3, {}),
        (10**400, {"at_least": 0}),
        (-3, {"at_most": 0}),
        (0.999, {"at_least": 0, "below": 1}),
        ({"a": 1, "b": [2, 3]}, {"above": 0}),
        ([], {"above": 0}),
        (None, {"above": 0}),
        ("text", {"above": 0}),
        (False, {"above": 0}),
    ],
)
def test_numbers_in_range_pass(value, bounds):
    check_within(value, bounds, where="x")


@pytest.mark.parametrize(
    ("value", "bounds", "message"),
    [
        (1.1, {"at_least": 0, "at_most": 1}, r"x: 1\.1 is out of range\n  expected: a number from 0 to 1\n  remedy: "),
        (-1, {"at_least": 0}, r"x: -1 is out of range\n  expected: a number of at least 0\n"),
        (0, {"above": 0}, r"x: 0 is out of range\n  expected: a number above 0\n"),
        (1, {"at_least": 0, "below": 1}, r"x: 1 is out of range\n  expected: a number of at least 0 and below 1\n"),
        (math.inf, {"at_least": 0}, r"x: inf is out of range\n"),
        (1, {"at_most": 0}, r"x: 1 is out of range\n  expected: a number of at most 0\n"),
        (math.nan, {}, r"x: nan is out of range\n  expected: a number\n"),
        (np.int64(0), {"at_least": 1}, r"x: 0 is out of range"),
        (np.float32("nan"), {}, r"x: nan is out of range"),
        ({"a": 1, "b": [2, 0]}, {"above": 0}, r"x\.b\.1: 0 is out of range"),
    ],
)
def test_numbers_out_of_range_are_refused(value, bounds, message):
    with pytest.raises(DeguError, match=message):
        check_within(value, bounds, where="x")


def test_the_end_of_a_range_may_be_another_option():
    bounds = {"at_least": "low", "at_most": 1}
    check_within(0.5, bounds, options={"low": 0.5}, where="x")
    message = r"^x: 0\.4 is out of range\n  expected: a number from 0\.5 to 1, as `low` says\n"
    with pytest.raises(DeguError, match=message):
        check_within(0.4, bounds, options={"low": 0.5}, where="x")


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ({}, ""),
        ({"at_least": "low", "at_most": 1}, "from `low` to 1"),
        ({"above": 0, "below": 1}, "above 0 and below 1"),
    ],
)
def test_a_range_is_told_in_words(bounds, words):
    assert range_in_words(bounds) == words
