"""Keys with dots are laid over the configuration as YAML within YAML would be."""

import pytest

from degu.config.dotted_keys import lay_dotted_keys_over
from degu.errors import DeguError

CONFIG = {
    "seed": 1,
    "study": {"members": 10, "teachers": ["small"]},
    "overrides": {"teachers": {"small": {"epochs": 9}}},
}


def laid_over(**dotted):
    return lay_dotted_keys_over(
        {**CONFIG, "dotted_keys": {key.replace("__", "."): text for key, text in dotted.items()}}
    )


def test_a_key_sets_one_value_and_leaves_its_neighbours():
    assert laid_over(study__members="3") == {**CONFIG, "study": {"members": 3, "teachers": ["small"]}}


def test_keys_of_any_depth_and_several_at_once():
    found = laid_over(overrides__teachers__small__model__filters="8", overrides__teachers__small__epochs="2", seed="5")
    assert found["overrides"] == {"teachers": {"small": {"epochs": 2, "model": {"filters": 8}}}}
    assert found["seed"] == 5
    assert found["study"] == CONFIG["study"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("0.5", 0.5),
        ("1.0e-3", 0.001),
        ("true", True),
        ("null", None),
        ("", None),
        ("degu", "degu"),
        ("'3'", "3"),
        ("[0.1, 1.0]", [0.1, 1.0]),
        ("{HNF4A: 1.5}", {"HNF4A": 1.5}),
        ("log2(RNA/DNA)", "log2(RNA/DNA)"),
    ],
)
def test_values_have_the_types_of_yaml(text, value):
    found = laid_over(study__fractions=text)["study"]["fractions"]
    assert found == value
    assert type(found) is type(value)


def test_a_mapping_is_laid_over_and_does_not_replace():
    assert laid_over(study__more="{a: 1}", study__more__b="2")["study"]["more"] == {"a": 1, "b": 2}


def test_a_configuration_without_such_keys_stays_as_it_is():
    assert lay_dotted_keys_over(CONFIG) == CONFIG


def test_the_configuration_itself_is_left_alone():
    config = {**CONFIG, "dotted_keys": {"study.members": "3"}}
    lay_dotted_keys_over(config)
    assert config["study"]["members"] == 10


@pytest.mark.parametrize("key", ["study..members", ".members", "study."])
def test_an_empty_part_is_refused(key):
    with pytest.raises(
        DeguError, match=rf"the key '{key}' has an empty part\n  expected: names with a dot".replace(".", r"\.")
    ):
        lay_dotted_keys_over({"dotted_keys": {key: "3"}})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("010", r"configuration: study\.members: line 1: YAML reads 010 as the number 8"),
        ("a: b: c", r"configuration: study\.members: 'a: b: c' is not YAML(.|\n)*in double quotes"),
        ("[1, 2", r"configuration: study\.members: '\[1, 2' is not YAML"),
        ("{a: 1, a: 2}", r"configuration: study\.members: the key 'a' is given twice"),
    ],
)
def test_a_value_that_is_no_yaml_is_refused(text, message):
    with pytest.raises(DeguError, match=message):
        laid_over(study__members=text)
