"""Values of options as the annotations of a plugin's arguments want them, which are read as source code."""

import ast
from typing import Any

from degu.config.values import read_as
from degu.errors import DeguError, did_you_mean

_TYPES: dict[str, type | tuple[type, ...]] = {
    "int": int,
    "float": (int, float),
    "str": str,
    "bool": bool,
    "list": list,
    "dict": dict,
}
# Annotations of arguments, as `degu.config.values` names the kinds of values.
_KINDS = {"int": "integer", "float": "number", "str": "string", "bool": "boolean", "None": "null"}


def read_option(name: str, value: Any, annotation: ast.expr | None, *, where: str) -> Any:
    """Return the value of an option, in which text is what it has to be if it has only one reading as that.

    Parameters
    ----------
    name
        The name of the option, for error messages.
    value
        The value that a configuration gives it.
    annotation
        The annotation of the argument: a type, `list[TYPE]`, `dict[str, TYPE]` or `Literal[...]`, each with `| None` or
        without. Under any other one, and without one, all values are right.
    where
        The file and the key of the option, for error messages.

    Raises
    ------
    DeguError
        If the value or one that it holds has the wrong type, or is not among those of its `Literal`.
    """
    parts = _alternatives(annotation)
    value = read_as(value, [_KINDS.get(part, part) for part in map(_name, parts)])
    if value is None and "None" in map(_name, parts):
        return None
    wanted = next((part for part in parts if _name(part) != "None"), None)
    kind = _name(wanted)
    if kind == "Literal":
        choices = _literals(wanted)
        if value not in choices:
            raise DeguError(f"there is no {name} '{value}'", where=where, expected=did_you_mean(str(value), choices))
    if kind not in _TYPES:
        return value
    # Python counts True and False among the integers.
    if not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind in ("int", "float")):
        raise DeguError(f"{value!r} is not of type {kind}", where=where, expected=kind)
    if isinstance(wanted, ast.Subscript):
        return _read_items(name, value, wanted.slice, where)
    return value


def holds_numbers(annotation: ast.expr | None) -> bool:
    """Return whether an option is a number, or a list or mapping of numbers."""
    within = [part.slice if isinstance(part, ast.Subscript) else part for part in _alternatives(annotation)]
    items = [item for part in within for item in (part.elts if isinstance(part, ast.Tuple) else [part])]
    return not {"int", "float"}.isdisjoint(map(_name, items))


def _read_items(name: str, value: Any, within: ast.expr, where: str) -> list | dict:
    """Return a list or a mapping of which each value is read."""
    if isinstance(value, list):
        return [read_option(name, item, within, where=f"{where}.{index}") for index, item in enumerate(value)]
    key_type, value_type = within.elts if isinstance(within, ast.Tuple) else (None, within)
    read = {}
    for key, item in value.items():
        read_option(name, key, key_type, where=where)
        read[key] = read_option(name, item, value_type, where=f"{where}.{key}")
    return read


def _alternatives(annotation: ast.expr | None) -> list[ast.expr]:
    """Return the parts of an annotation that `|` separates."""
    if annotation is None:
        return []
    if isinstance(annotation, ast.BinOp):
        return [*_alternatives(annotation.left), *_alternatives(annotation.right)]
    return [annotation]


def _name(annotation: ast.expr | None) -> str:
    """Return the name of an annotation without what stands in its brackets."""
    return "" if annotation is None else ast.unparse(annotation).partition("[")[0]


def _literals(annotation: ast.expr | None) -> tuple:
    """Return the values of a `Literal`."""
    assert isinstance(annotation, ast.Subscript)
    return ast.literal_eval(f"({ast.unparse(annotation.slice).strip('()')},)")
