"""Changes of a recipe, checked as the schemas of the configuration check its files, but with no package for schemas."""

from collections.abc import Mapping
from typing import Any

from degu.config.values import check_within, kinds_of, range_in_words
from degu.errors import DeguError, did_you_mean

# The words of JSON schemas for the ends of a range, and those of `degu.config.values`.
_BOUNDS = {"minimum": "at_least", "exclusiveMinimum": "above", "maximum": "at_most", "exclusiveMaximum": "below"}
_WORDS = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "True or False",
    "null": "None",
    "string": "text",
    "object": "a mapping",
    "array": "a list",
}


def check_changes(value: Any, schema: Mapping, where: str) -> None:
    """Check a part of a recipe.

    Parameters
    ----------
    value
        The part: a mapping of keys to values, or one of these values.
    schema
        The JSON schema of the part. Its words `type`, `enum`, `const`, `anyOf`, `properties`, `additionalProperties`,
        `items`, `minItems`, `minimum`, `maximum`, `exclusiveMinimum` and `exclusiveMaximum` are read.
    where
        The argument and the key of the part, for error messages.

    Raises
    ------
    DeguError
        If a key is unknown, or a value is of the wrong kind, none of those that there are, or out of range.
    """
    branches = schema.get("anyOf", [schema])
    chosen = next((branch for branch in branches if _is_of(value, branch)), None)
    if chosen is None:
        raise DeguError(f"{value!r} was given", where=where, expected=" or ".join(map(_in_words, branches)))
    if isinstance(value, Mapping):
        _check_mapping(value, chosen, where)
    elif isinstance(value, list | tuple):
        if len(value) < chosen.get("minItems", 0):
            raise DeguError("the list is empty", where=where, expected=_in_words(chosen))
        for index, item in enumerate(value):
            check_changes(item, chosen.get("items", {}), f"{where}[{index}]")
    else:
        check_within(value, _bounds(chosen), where=where)


def _check_mapping(values: Mapping, schema: Mapping, where: str) -> None:
    known, others = schema.get("properties", {}), schema.get("additionalProperties", {})
    for key, value in values.items():
        if key not in known and others is False:
            raise DeguError(f"unknown key '{key}'", where=where, expected=did_you_mean(str(key), known))
        check_changes(value, known.get(key, others), f"{where}[{key!r}]")


def _is_of(value: Any, schema: Mapping) -> bool:
    """Return whether a value is of a kind that a schema allows and, if it lists its values, one of those."""
    if "enum" in schema or "const" in schema:
        return value in schema.get("enum", [schema.get("const")])
    kinds = kinds_of(schema)
    return not kinds or any(_is_kind(value, kind) for kind in kinds)


def _is_kind(value: Any, kind: str) -> bool:
    if kind in ("integer", "number"):
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        return not isinstance(value, bool) and (whole or (kind == "number" and isinstance(value, float)))
    types: dict[str, type | tuple[type, ...]] = {
        "boolean": bool,
        "null": type(None),
        "string": str,
        "object": Mapping,
        "array": (list, tuple),
    }
    return isinstance(value, types[kind])


def _in_words(schema: Mapping) -> str:
    if "enum" in schema or "const" in schema:
        return ", ".join(repr(value) for value in schema.get("enum", [schema.get("const")]))
    words = " or ".join(_WORDS[kind] for kind in kinds_of(schema))
    return f"{words} {range_in_words(_bounds(schema))}".strip()


def _bounds(schema: Mapping) -> dict[str, float]:
    return {word: schema[name] for name, word in _BOUNDS.items() if name in schema}
