"""Plugins: the modules that a configuration names, with their functions and options.

The options of a plugin are the keyword-only arguments of its function, such as `load` of an importer or `build` of a
model, and they are declared nowhere else. A configuration is checked against them when the workflow is parsed, and
TensorFlow must not be loaded then. So the options are read from the source code, and only `load` imports a module.

The constant `RANGES` of a module tells the lowest and the highest value of some of its options, such as
`{"probability": (0, 1)}`, where None stands for no bound. The module checks them again when it is called.
"""

import ast
import importlib
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, TypeVar

from degu.config.values import check_within, read_as
from degu.errors import DeguError, did_you_mean


class Kind(NamedTuple):
    """A kind of plugin.

    Attributes
    ----------
    package
        The package in which each module is one plugin of this kind.
    function
        The name of the function that each of these modules defines.
    """

    package: str
    function: str


KINDS = {
    "importer": Kind("degu.data.importers", "load"),
    "augmentation": Kind("degu.data.augmentation", "augment"),
    "pool source": Kind("degu.data.pools", "draw"),
    "model": Kind("degu.models", "build"),
    "loss": Kind("degu.losses", "loss"),
    "metric": Kind("degu.uncertainty.calibration", "metric"),
    "conformal method": Kind("degu.uncertainty.conformal", "intervals"),
    "attribution method": Kind("degu.attribution.methods", "explainer"),
    "background": Kind("degu.attribution.backgrounds", "draw"),
}
_LIBRARY = Path(__file__).parents[1]
_TYPES: dict[str, type | tuple[type, ...]] = {
    "int": int,
    "float": (int, float),
    "str": str,
    "bool": bool,
    "list": list,
    "dict": dict,
}
# Annotations of arguments, as `degu.config.values` names the kinds of values.
_KINDS_OF_VALUES = {"int": "integer", "float": "number", "str": "string", "bool": "boolean", "None": "null"}
_REQUIRED = object()
T = TypeVar("T")


def load(kind: str, name: str) -> ModuleType:
    """Import a plugin, and return its module.

    Raises
    ------
    DeguError
        If there is no plugin of this name.
    """
    module = module_name(kind, name)
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name == module:
            check_name(kind, name, where=KINDS[kind].package)
        raise


def module_name(kind: str, name: str) -> str:
    """Return the dotted name of a plugin's module, such as `degu.models.deepstarr`."""
    return f"{KINDS[kind].package}.{name}"


def without_name(settings: Mapping) -> dict:
    """Return settings without their key `name`: the options of a plugin."""
    return {key: value for key, value in settings.items() if key != "name"}


def known_names(kind: str) -> list[str]:
    """Return the names of the plugins of a kind."""
    return sorted(path.stem for path in _folder(kind).glob("[!_]*.py"))


def check_name(kind: str, name: object, *, where: str) -> None:
    """Check that there is a plugin of this name.

    Raises
    ------
    DeguError
        If there is none. The message names the plugin with the most similar name.
    """
    known = known_names(kind)
    if name not in known:
        raise DeguError(f"there is no {kind} '{name}'", where=where, expected=did_you_mean(str(name), known))


def check_methods(kind: str, methods: Mapping[str, dict], *, where: str) -> None:
    """Check configured methods, each of which names a plugin under `method` and has further keys for its options.

    Text among the options is replaced by what it has to be, see `check_options`.

    Parameters
    ----------
    kind
        The kind of plugin, such as `conformal method`.
    methods
        The methods, by the names that the configuration gives them.
    where
        The key of the methods, for error messages.

    Raises
    ------
    DeguError
        If a plugin or one of its options does not exist, or an option has the wrong type.
    """
    for name, settings in methods.items():
        check_name(kind, settings["method"], where=f"{where}.{name}.method")
        options = {key: value for key, value in settings.items() if key != "method"}
        settings |= check_options(kind, settings["method"], options, where=f"{where}.{name}")


def check_options(kind: str, name: str, options: Mapping, *, given: Collection[str] = (), where: str) -> dict:
    """Check options against the keyword-only arguments of a plugin's function, and return them.

    Text is returned as what it has to be if it has only one reading as that, see `degu.config.values`.

    Parameters
    ----------
    kind, name
        The plugin, such as `importer` and `table`.
    options
        The options that the configuration sets.
    given
        The arguments that the pipeline itself passes, and which are no options for that reason.
    where
        The file and the key, for error messages.

    Raises
    ------
    DeguError
        If an option is unknown or missing, if its value has the wrong type, or if it is not among the values of its
        `Literal` or out of its range.
    """
    known = {key: value for key, value in _arguments(kind, name).items() if key not in given}
    ranges: dict[str, tuple[float | None, float | None]] = constant(kind, name, "RANGES", {})
    checked = {}
    for key, given_value in options.items():
        if key not in known:
            raise DeguError(f"unknown option '{key}'", where=where, expected=did_you_mean(key, known))
        expected, choices, _ = known[key]
        value = checked[key] = read_as(
            given_value, [_KINDS_OF_VALUES.get(part, part) for part in expected.split(" | ")]
        )
        wrong = expected in _TYPES and not isinstance(value, _TYPES[expected])
        if wrong or (isinstance(value, bool) and expected in ("int", "float")):
            raise DeguError(f"{value!r} is not of type {expected}", where=f"{where}.{key}", expected=expected)
        if choices and value not in choices:
            raise DeguError(f"there is no {key} '{value}'", where=where, expected=did_you_mean(str(value), choices))
        if key in ranges:
            check_within(value, *ranges[key], where=f"{where}.{key}")
    missing = [key for key, (_, _, default) in known.items() if default is _REQUIRED and key not in options]
    if missing:
        source = "/".join(module_name(kind, name).split(".")[1:])
        raise DeguError(f"option '{missing[0]}' is missing", where=where, remedy=f"see {source}.py")
    return checked


@cache
def _arguments(kind: str, name: str) -> dict[str, tuple[str, tuple, object]]:
    """Return the type, the allowed values (empty if any value is) and the default of each keyword-only argument."""
    tree, function = _parse(kind, name), KINDS[kind].function
    node = next(item for item in tree.body if isinstance(item, ast.FunctionDef) and item.name == function)
    arguments = {}
    for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True):
        annotation, _, within = ast.unparse(argument.annotation).partition("[") if argument.annotation else ("", "", "")
        choices = ast.literal_eval(f"({within.removesuffix(']')},)") if annotation == "Literal" else ()
        arguments[argument.arg] = (annotation, choices, _REQUIRED if default is None else ast.unparse(default))
    return arguments


def default_of(kind: str, name: str, option: str) -> Any:
    """Return the default of an option that has one."""
    return ast.literal_eval(str(_arguments(kind, name)[option][2]))


def constant(kind: str, name: str, constant: str, default: T) -> T:
    """Return the literal that the source of a plugin assigns to a constant, or the default if it assigns none."""
    for item in _parse(kind, name).body:
        if isinstance(item, ast.Assign) and [ast.unparse(target) for target in item.targets] == [constant]:
            return ast.literal_eval(item.value)
    return default


@cache
def _parse(kind: str, name: str) -> ast.Module:
    return ast.parse((_folder(kind) / f"{name}.py").read_text(encoding="utf-8"))


def _folder(kind: str) -> Path:
    return _LIBRARY.joinpath(*KINDS[kind].package.split(".")[1:])
