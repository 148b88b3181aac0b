"""Settings are merged, completed with defaults and checked against a schema."""

import pytest

from degu.config.schemas import check_spelling, complete, fill_defaults, read_yaml
from degu.errors import DeguError


@pytest.mark.parametrize("content", ["a: [1\n", "a: b: c\n", "\t- a"])
def test_a_file_that_is_not_yaml_is_reported(tmp_path, content):
    (tmp_path / "a.yaml").write_text(content)
    with pytest.raises(DeguError, match="not readable as YAML") as caught:
        read_yaml(tmp_path / "a.yaml")
    assert str(tmp_path / "a.yaml") in str(caught.value)


def test_a_binary_or_absent_file_is_reported(tmp_path):
    (tmp_path / "a.yaml").write_bytes(b"\xff\xfe\x00\x81")
    for name in ("a.yaml", "absent.yaml"):
        with pytest.raises(DeguError, match="not readable as YAML"):
            read_yaml(tmp_path / name)


@pytest.mark.parametrize(("content", "kind"), [("[1, 2]", "list"), ("text", "str"), ("3", "int")])
def test_yaml_that_is_not_a_mapping_is_reported(tmp_path, content, kind):
    (tmp_path / "a.yaml").write_text(content)
    with pytest.raises(DeguError, match=f"holds a {kind}"):
        read_yaml(tmp_path / "a.yaml")


def test_an_empty_file_is_an_empty_mapping(tmp_path):
    (tmp_path / "a.yaml").write_text("# nothing\n")
    assert read_yaml(tmp_path / "a.yaml") == {}


def test_defaults_fill_nested_mappings_whether_the_schema_names_their_keys_or_not():
    schema = {
        "properties": {"a": {"default": 1}, "b": {"default": {}, "properties": {"c": {"default": [2]}}}, "n": {}},
        "additionalProperties": {"properties": {"d": {"default": 3}}},
    }
    assert fill_defaults({"x": {"e": 0}}, schema) == {"a": 1, "b": {"c": [2]}, "x": {"e": 0, "d": 3}}
    assert fill_defaults({"a": None, "b": {"c": 0}}, schema) == {"a": None, "b": {"c": 0}}


def test_defaults_are_not_shared():
    schema = {"properties": {"a": {"default": [1]}}}
    fill_defaults({}, schema)["a"].append(2)
    assert fill_defaults({}, schema) == {"a": [1]}


def test_values_are_checked_after_they_are_filled():
    schema = {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer", "default": 1}}}
    assert complete({}, schema, where="x") == {"a": 1}


@pytest.mark.parametrize("name", ["deepstarr", "lentimpra_k562", "A1", 3])
def test_a_name_with_letters_digits_and_underscores_passes(name):
    check_spelling(name, where="teachers")


@pytest.mark.parametrize("name", ["", "my own", "my-own", "a/b", "..", "mine.yaml", "mine\n", "größe"])
def test_a_name_that_could_not_be_part_of_a_path_is_refused(name):
    with pytest.raises(DeguError, match=r"^teachers: the name '(.|\n)*'\n  expected: letters, digits and underscores$"):
        check_spelling(name, where="teachers")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("a: 1\nb: 2\na: 3\n", "'a' is given twice, in lines 1 and 3"),
        ("x:\n  a: {b: 1}\n  a: {c: 1}\n", "'a' is given twice, in lines 2 and 3"),
        ("x: {a: 1, a: 1}\n", "'a' is given twice, in lines 1 and 1"),
        ("x:\n  - a: 1\n    b: 2\n    a: 1\n", "'a' is given twice, in lines 2 and 4"),
        ('a: 1\n"a": 1\n', "'a' is given twice, in lines 1 and 2"),
        ("1: a\n1: b\n", "'1' is given twice"),
    ],
)
def test_a_key_that_is_given_twice_is_refused(tmp_path, content, told):
    (tmp_path / "a.yaml").write_text(content)
    with pytest.raises(DeguError, match=told) as caught:
        read_yaml(tmp_path / "a.yaml")
    assert str(caught.value).startswith(f"{tmp_path / 'a.yaml'}: ")


def test_a_key_may_be_merged_and_overridden_and_occur_in_several_mappings(tmp_path):
    (tmp_path / "a.yaml").write_text("a: &a {x: 1, y: 2}\nb: &b {<<: *a, y: 3}\nc: {<<: *b, x: 4}\n")
    assert read_yaml(tmp_path / "a.yaml") == {
        "a": {"x": 1, "y": 2},
        "b": {"x": 1, "y": 3},
        "c": {"x": 4, "y": 3},
    }


def test_values_are_read_as_the_schema_wants_them_before_they_are_checked():
    schema = {"properties": {"a": {"type": "integer", "minimum": 2}, "b": {"type": "number"}}}
    assert complete({"a": "3", "b": "0.5"}, schema, where="x") == {"a": 3, "b": 0.5}
    with pytest.raises(DeguError, match="x: a: 1 is less than the minimum of 2"):
        complete({"a": "1"}, schema, where="x")


def test_numbers_that_are_not_finite_are_refused():
    with pytest.raises(DeguError, match=r"x: a\.b\.1: nan is not a finite number"):
        complete({"a": {"b": [1.0, float("nan")]}}, {}, where="x")
