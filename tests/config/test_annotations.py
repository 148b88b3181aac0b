"""Values are read and checked by the annotation of the argument that they are given to."""

import ast

import pytest

from degu.config.annotations import holds_numbers, read_option
from degu.errors import DeguError


def annotation_of(text):
    return ast.parse(text, mode="eval").body if text else None


def read(value, text):
    return read_option("depth", value, annotation_of(text), where="x.depth")


@pytest.mark.parametrize(
    ("annotation", "value", "expected"),
    [
        ("int", "3", 3),
        ("int", 3.0, 3),
        ("float", "1.5", 1.5),
        ("float", 2, 2),
        ("str", "3", "3"),
        ("bool", "true", True),
        ("int | None", "null", None),
        ("None | int", None, None),
        ("int | None", "4", 4),
        ("str | None", "null", None),
        ("list[int]", ["1", 2], [1, 2]),
        ("list[str] | None", None, None),
        ("dict[str, float]", {"a": "1.5", "b": 2}, {"a": 1.5, "b": 2}),
        ("dict[str, list[int]]", {"a": ["1"]}, {"a": [1]}),
        ("dict", {"a": object}, {"a": object}),
        ("Literal['a', 'b'] | None", "b", "b"),
        ("Literal['a', 'b'] | None", None, None),
        ("Literal[1, 2]", 2, 2),
        ("Callable[[int], int]", "anything", "anything"),
        ("", "anything", "anything"),
    ],
)
def test_a_value_is_read_as_its_annotation_wants_it(annotation, value, expected):
    found = read(value, annotation)
    assert found == expected and type(found) is type(expected)


@pytest.mark.parametrize(
    ("annotation", "value", "message"),
    [
        ("int", 2.5, r"x\.depth: 2\.5 is not of type int\n  expected: int"),
        ("int", True, r"x\.depth: True is not of type int"),
        ("float", False, r"x\.depth: False is not of type float"),
        ("int | None", "some", r"x\.depth: 'some' is not of type int"),
        ("dict | None", 3, r"x\.depth: 3 is not of type dict"),
        ("list[int]", [1, "a"], r"x\.depth\.1: 'a' is not of type int"),
        ("list[int]", 1, r"x\.depth: 1 is not of type list"),
        ("dict[str, float]", {"a": None}, r"x\.depth\.a: None is not of type float"),
        ("dict[str, float]", {1: 2.0}, r"x\.depth: 1 is not of type str"),
        ("Literal['a', 'b'] | None", "c", r"x\.depth: there is no depth 'c'\n  expected: .*known: a, b"),
        ("Literal['a', 'b']", ["a"], r"x\.depth: there is no depth"),
        ("list[Literal['a']]", ["b"], r"x\.depth\.0: there is no depth 'b'"),
    ],
)
def test_a_value_of_another_type_is_named_with_its_place(annotation, value, message):
    with pytest.raises(DeguError, match=f"^{message}"):
        read(value, annotation)


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ("int", True),
        ("float | None", True),
        ("dict[str, float] | None", True),
        ("list[int]", True),
        ("str", False),
        ("bool", False),
        ("dict", False),
        ("list[str]", False),
        ("Literal[1, 2]", False),
        ("", False),
    ],
)
def test_options_that_hold_numbers_are_known(annotation, expected):
    assert holds_numbers(annotation_of(annotation)) == expected
