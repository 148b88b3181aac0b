"""Changes of recipes are accepted where jsonschema accepts them."""

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from degu.errors import DeguError
from degu.library.changes import check_changes
from degu.library.recipes import recommended

KEYS = recommended()["keys"]


def is_accepted(value, schema) -> bool:
    try:
        check_changes(value, schema, "teacher")
    except DeguError:
        return False
    return True


numbers = st.one_of(st.integers(-2, 3), st.sampled_from([-0.5, 0.0, 0.25, 1.0, 2.5, 1e-9]))
simple = st.one_of(numbers, st.booleans(), st.none(), st.sampled_from(["none", "standard", "softplus", "adam", "mean"]))
values = st.one_of(simple, st.lists(simple, max_size=2), st.dictionaries(st.sampled_from(["name", "epochs"]), simple))


@st.composite
def changes(draw, schema):
    """Draw a mapping of some keys of a schema, and at times of one that it does not have."""
    names = draw(st.lists(st.sampled_from([*schema["properties"], "epoch"]), max_size=3, unique=True))
    found = {}
    for name in names:
        part = schema["properties"].get(name, {})
        inner = next((one for one in [part, *part.get("anyOf", [])] if "properties" in one), None)
        found[name] = draw(st.one_of(values, changes(inner))) if inner else draw(values)
    return found


@pytest.mark.parametrize("recipe", ["teacher", "student"])
@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_what_jsonschema_accepts_is_accepted_and_nothing_else(recipe, data):
    given_changes = data.draw(changes(KEYS[recipe]))
    valid = jsonschema.Draft202012Validator(KEYS[recipe]).is_valid(given_changes)
    assert is_accepted(given_changes, KEYS[recipe]) == valid


@pytest.mark.parametrize("value", ["none", "standard", "other", 1, None, ["none"]])
def test_single_values_are_accepted_where_jsonschema_accepts_them(value):
    for schema in KEYS["teacher"]["properties"].values():
        assert is_accepted(value, schema) == jsonschema.Draft202012Validator(schema).is_valid(value)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"epoch": 3}, r"teacher: unknown key 'epoch'(?s:.*)did you mean 'epochs'"),
        ({"epochs": "many"}, r"teacher\['epochs'\]: 'many' was given(?s:.*)a whole number of at least 1"),
        ({"epochs": 0}, r"teacher\['epochs'\]: 0 is out of range(?s:.*)of at least 1"),
        ({"optimizer": {"learning_rate": -1}}, r"teacher\['optimizer'\]\['learning_rate'\]: -1 is out of range"),
        ({"target_scaling": "standart"}, r"'standart' was given(?s:.*)'none', 'standard'"),
        ({"heads": []}, "the list is empty"),
        ({"heads": ["mean", "middle"]}, r"teacher\['heads'\]\[1\]: 'middle' was given"),
        ({"augmentation": "evoaug"}, r"'evoaug' was given(?s:.*)None or a mapping"),
        (3, "teacher: 3 was given(?s:.*)a mapping"),
    ],
)
def test_what_is_wrong_is_told(value, told):
    with pytest.raises(DeguError, match=told):
        check_changes(value, KEYS["teacher"], "teacher")
