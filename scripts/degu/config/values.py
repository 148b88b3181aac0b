"""Values as a setting wants them: text of `--config` becomes numbers, and numbers that are out of range are refused.

Snakemake reads each value within `{...}` or `[...]` of `--config` as text. Text that has only one reading where a
number, true, false or null belongs is read as that, wherever it stands.
"""

import math
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from degu.errors import DeguError

# Numbers as YAML knows them, without the spellings that it does not read in base 10.
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_NUMBER = re.compile(r"[-+]?((0|[1-9][0-9]*)(\.[0-9]*([eE][-+][0-9]+)?)?|\.[0-9]+([eE][-+][0-9]+)?)")
_NULL = ("null", "Null", "NULL", "~")


def read_as(value: Any, kinds: Collection[str]) -> Any:
    """Return a value as one of some kinds if it has only one reading as that, else the value itself.

    Parameters
    ----------
    value
        The value of a setting.
    kinds
        The kinds that are allowed, as JSON schemas name them: integer, number, boolean, null, string and so on.
    """
    if isinstance(value, float) and "integer" in kinds and "number" not in kinds and value.is_integer():
        return int(value)
    if not isinstance(value, str):
        return value
    if "null" in kinds and value in _NULL:
        return None
    if "string" in kinds:
        return value
    if "boolean" in kinds and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if "integer" in kinds or "number" in kinds:
        if _INTEGER.fullmatch(value):
            return int(value)
        if _NUMBER.fullmatch(value):
            return read_as(float(value), kinds)
    return value


def convert(values: Any, schema: Mapping) -> Any:
    """Return values in which each one is read as its JSON schema wants it, if it has only one reading as that."""
    if isinstance(values, dict):
        part = _branch(schema, "object")
        known, others = part.get("properties", {}), part.get("additionalProperties")
        others = others if isinstance(others, Mapping) else {}
        return {key: convert(value, known.get(key, others)) for key, value in values.items()}
    if isinstance(values, list):
        items = _branch(schema, "array").get("items", {})
        return [convert(value, items) for value in values]
    return read_as(values, kinds_of(schema))


def kinds_of(schema: Mapping) -> tuple[str, ...]:
    """Return the kinds of values that a JSON schema allows, or none if it does not say so."""
    kinds = schema.get("type", ())
    return (kinds,) if isinstance(kinds, str) else tuple(kinds)


def check_finite(values: Any, *, where: str) -> None:
    """Check that each number among values, however deep, is finite.

    Raises
    ------
    DeguError
        If one is infinite or not a number. The message names its key.
    """
    for path, number in _not_finite(values, ()):
        raise DeguError(
            f"{number} is not a finite number",
            where=f"{where}: {'.'.join(path)}",
            expected="a number with decimal digits",
            remedy="write the number that is meant",
        )


def check_within(value: float, lowest: float | None, highest: float | None, *, where: str) -> None:
    """Check that an option is a finite number in its range, ends included; with None, the range has no such end.

    Raises
    ------
    DeguError
        If it is out of range, infinite or no number.
    """
    if math.isfinite(value) and (lowest is None or value >= lowest) and (highest is None or value <= highest):
        return
    if highest is None:
        expected = "a number" if lowest is None else f"a number of at least {lowest}"
    else:
        expected = f"a number of at most {highest}" if lowest is None else f"a number from {lowest} to {highest}"
    raise DeguError(f"{value} is out of range", where=where, expected=expected, remedy="choose a number in this range")


def _branch(schema: Mapping, kind: str) -> Mapping:
    """Return the part of a JSON schema that is about values of one kind."""
    return next((part for part in schema.get("anyOf", ()) if kind in kinds_of(part)), schema)


def _not_finite(values: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], float]]:
    """Yield the path and the value of each number that is not finite."""
    if isinstance(values, Mapping):
        for key, value in values.items():
            yield from _not_finite(value, (*path, str(key)))
    elif isinstance(values, list):
        for index, value in enumerate(values):
            yield from _not_finite(value, (*path, str(index)))
    elif isinstance(values, float) and not math.isfinite(values):
        yield path, values
