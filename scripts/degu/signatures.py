"""Options of importers, models, losses and others, read off the functions that take them.

The keyword-only arguments of an importer's `load`, a model's `build` and so on are the one place where their options
are declared; a configuration is checked against them when the workflow is parsed, where TensorFlow must not be loaded.
"""

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from degu.errors import DeguError, did_you_mean

_LIBRARY = Path(__file__).parent
# The function of a module that can be named in a configuration, and what such a module is called.
FUNCTIONS = {
    "importers": "load",
    "models": "build",
    "losses": "loss",
    "calibration": "metric",
    "conformal": "intervals",
    "attribution": "explainer",
    "backgrounds": "draw",
}
KINDS = {
    "importers": "importer",
    "models": "model",
    "losses": "loss",
    "calibration": "metric",
    "conformal": "conformal method",
    "attribution": "attribution method",
    "backgrounds": "kind of background",
}
_TYPES = {"int": int, "float": (int, float), "str": str, "bool": bool, "list": list, "dict": dict}
_REQUIRED = object()


def known_modules(package: str) -> list[str]:
    """Return the names of the modules of a subpackage that can be named in a configuration."""
    function = FUNCTIONS[package]
    return sorted(path.stem for path in (_LIBRARY / package).glob("*.py") if f"\ndef {function}(" in path.read_text())


def check_module(package: str, name: object, *, where: str) -> None:
    """Check that a subpackage has a module of that name.

    Raises
    ------
    DeguError
        Naming the nearest one there is.
    """
    known = known_modules(package)
    if name not in known:
        raise DeguError(f"there is no {KINDS[package]} '{name}'", where=where, expected=did_you_mean(str(name), known))


def check_options(package: str, name: str, options: Mapping, *, given: set[str] = frozenset(), where: str) -> None:
    """Check options against the keyword-only arguments of a module's function.

    Parameters
    ----------
    package, name
        As in `importers`, `table`.
    options
        What the configuration says.
    given
        Arguments that the library itself gives.
    where
        File and key, for error messages.

    Raises
    ------
    DeguError
        If an option is unknown, missing, of the wrong type or none of the values of its `Literal`.
    """
    known = {key: value for key, value in _arguments(package, name).items() if key not in given}
    for key, value in options.items():
        if key not in known:
            raise DeguError(f"unknown option '{key}'", where=where, expected=did_you_mean(key, known))
        expected, choices, _ = known[key]
        wrong = expected in _TYPES and not isinstance(value, _TYPES[expected])
        if wrong or (isinstance(value, bool) and expected in ("int", "float")):
            raise DeguError(f"{value!r} is not of type {expected}", where=f"{where}.{key}", expected=expected)
        if choices and value not in choices:
            raise DeguError(f"there is no {key} '{value}'", where=where, expected=did_you_mean(str(value), choices))
    missing = [key for key, (_, _, default) in known.items() if default is _REQUIRED and key not in options]
    if missing:
        raise DeguError(f"option '{missing[0]}' is missing", where=where, remedy=f"see {package}/{name}.py")


@cache
def _arguments(package: str, name: str) -> dict[str, tuple[str, tuple, object]]:
    """Return type, allowed values (none if any) and default of each keyword-only argument."""
    tree = _parse(package, name)
    node = next(item for item in tree.body if isinstance(item, ast.FunctionDef) and item.name == FUNCTIONS[package])
    arguments = {}
    for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
        annotation, _, within = ast.unparse(argument.annotation).partition("[") if argument.annotation else ("", "", "")
        choices = ast.literal_eval(f"({within.removesuffix(']')},)") if annotation == "Literal" else ()
        arguments[argument.arg] = (annotation, choices, _REQUIRED if default is None else ast.unparse(default))
    return arguments


def constant(package: str, name: str, constant: str, default: object) -> object:
    """Return the literal that a module assigns to a name at its top level, or the default."""
    for item in _parse(package, name).body:
        if isinstance(item, ast.Assign) and [ast.unparse(target) for target in item.targets] == [constant]:
            return ast.literal_eval(item.value)
    return default


@cache
def _parse(package: str, name: str) -> ast.Module:
    return ast.parse((_LIBRARY / package / f"{name}.py").read_text())
