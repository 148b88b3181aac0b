"""Values as a setting wants them: text of `--config` becomes numbers, and numbers that are out of range are refused.

Snakemake reads each value within `{...}` or `[...]` of `--config` as text. Text that has only one reading where a
number, true, false or null belongs is read as that, wherever it stands.
"""

import math
import operator
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from numbers import Integral, Real
from typing import Any

from degu.errors import DeguError

# Numbers as YAML knows them, without the spellings that it does not read in base 10.
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_NUMBER = re.compile(r"[-+]?((0|[1-9][0-9]*)(\.[0-9]*([eE][-+][0-9]+)?)?|\.[0-9]+([eE][-+][0-9]+)?)")
_NULL = ("null", "Null", "NULL", "~")
# The words that give a range its ends.
BOUNDS: dict[str, Callable[[Any, Any], bool]] = {
    "at_least": operator.ge,
    "above": operator.gt,
    "at_most": operator.le,
    "below": operator.lt,
}


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
    for path, number in _numbers(values, ()):
        if not _is_finite(number):
            raise DeguError(
                f"{number} is not a finite number",
                where=f"{where}: {'.'.join(path)}",
                expected="a number with decimal digits",
                remedy="write the number that is meant",
            )


def check_within(
    values: Any, bounds: Mapping[str, float | str], *, options: Mapping[str, Any] | None = None, where: str
) -> None:
    """Check that an option, and each number that it holds if it is a list or a mapping, is finite and in its range.

    Parameters
    ----------
    values
        The value of the option. Text, true, false and null have no range.
    bounds
        The range, by words of `BOUNDS`, such as `{"at_least": 0, "below": 1}`. Without any word it has no ends. An end
        may be the name of another option.
    options
        The values of such other options.
    where
        The file and the key of the option, for error messages.

    Raises
    ------
    DeguError
        If a number is out of range, infinite or no number.
    """
    ends: dict[str, Any] = {word: (options or {}).get(str(bound), bound) for word, bound in bounds.items()}
    for path, value in _numbers(values, ()):
        if _is_finite(value) and is_within(value, ends):
            continue
        named = ", ".join(f"as `{bound}` says" for bound in bounds.values() if isinstance(bound, str))
        raise DeguError(
            f"{value} is out of range",
            where=".".join([where, *path]),
            expected=", ".join(filter(None, [f"a number {range_in_words(ends)}".strip(), named])),
            remedy="choose a number in this range",
        )


def check_pair(values: Any, *, where: str) -> None:
    """Check that an option is two numbers, the lower one first.

    Parameters
    ----------
    values
        The value of the option.
    where
        The file and the key of the option, for error messages.

    Raises
    ------
    DeguError
        If there are fewer or more, or if they are not in this order.
    """
    if len(values) != 2 or not values[0] < values[1]:
        raise DeguError(
            f"{list(values)}",
            where=where,
            expected="two numbers, the lower one first, or null",
            remedy="write both, as in [0.0001, 0.9999], or null for no bounds",
        )


def is_within(number: Any, bounds: Mapping[str, Any]) -> bool:
    """Return whether a number is in a range, which words of `BOUNDS` give its ends."""
    return all(BOUNDS[word](number, end) for word, end in bounds.items())


def range_in_words(bounds: Mapping[str, float | str]) -> str:
    """Return the range of an option as it follows the words `a number`; it is empty if the range has no ends."""
    ends = {word: f"`{bound}`" if isinstance(bound, str) else str(bound) for word, bound in bounds.items()}
    if ends.keys() == {"at_least", "at_most"}:
        return f"from {ends['at_least']} to {ends['at_most']}"
    words = {"at_least": "of at least", "at_most": "of at most", "above": "above", "below": "below"}
    return " and ".join(f"{words[word]} {end}" for word, end in ends.items())


def _branch(schema: Mapping, kind: str) -> Mapping:
    """Return the part of a JSON schema that is about values of one kind."""
    return next((part for part in schema.get("anyOf", ()) if kind in kinds_of(part)), schema)


def _is_finite(number: Real) -> bool:
    """Return whether a number is finite, as integers are, however large."""
    return isinstance(number, Integral) or math.isfinite(number)


def _is_truth_value(value: object) -> bool:
    """Return whether a value is true or false, which Python counts among the integers."""
    return isinstance(value, bool)


def _numbers(values: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Real]]:
    """Yield the path and the value of each number among values, however deep."""
    if isinstance(values, Mapping):
        for key, value in values.items():
            yield from _numbers(value, (*path, str(key)))
    elif isinstance(values, list):
        for index, value in enumerate(values):
            yield from _numbers(value, (*path, str(index)))
    elif isinstance(values, Real) and not _is_truth_value(values):
        yield path, values
