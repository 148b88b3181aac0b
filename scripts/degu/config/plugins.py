"""Plugins: the modules that a configuration names, with their functions and options.

The options of a plugin are the keyword-only arguments of its function, such as `load` of an importer or `build` of a
model, and they are declared nowhere else. A configuration is checked against them when the workflow is parsed, and
TensorFlow must not be loaded then. So the options are read from the source code, and only `load` imports a module.

A module may declare more about its options:

- `RANGES` tells the range of each option that is a number, or that holds numbers, by the words of
  `degu.config.values.BOUNDS`, such as `{"probability": {"at_least": 0, "at_most": 1}}`. An option without any word, as
  in `{"mean": {}}`, may be any number. An end may be another option, as in `{"maximum": {"at_least": "minimum"}}`.
- `NOT_EMPTY` names options whose text, list or mapping has to hold something.
- `PAIRS` names options that are two numbers, the lower one first, or null.
"""

import ast
import importlib
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, TypeVar

from degu.config.annotations import read_option
from degu.config.values import check_pair, check_within
from degu.errors import DeguError, did_you_mean


class Option(NamedTuple):
    """An option of a plugin.

    Attributes
    ----------
    annotation
        The annotation of the argument, as source code.
    default
        The default as source code; None if the option is required.
    """

    annotation: ast.expr | None
    default: ast.expr | None


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
    "shift": Kind("degu.shift.kinds", "shift"),
    "search": Kind("degu.design.searches", "search"),
    "variant source": Kind("degu.variants.sources", "load"),
    "acquisition strategy": Kind("degu.acquisition.strategies", "choose"),
    "conformal method": Kind("degu.uncertainty.conformal", "intervals"),
    "attribution method": Kind("degu.attribution.methods", "explainer"),
    "background": Kind("degu.attribution.backgrounds", "draw"),
}
_LIBRARY = Path(__file__).parents[1]
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
        If an option is unknown, missing or empty, if its value has the wrong type, or if it is not among the values of
        its `Literal` or out of its range.
    """
    known = {key: option for key, option in options_of(kind, name).items() if key not in given}
    checked = {}
    for key, value in options.items():
        if key not in known:
            raise DeguError(f"unknown option '{key}'", where=where, expected=did_you_mean(key, known))
        checked[key] = read_option(key, value, known[key].annotation, where=f"{where}.{key}")
    _check_given(kind, name, checked, known, where)
    complete = default_options(kind, name) | checked
    ranges: dict[str, dict[str, float | str]] = constant(kind, name, "RANGES", {})
    for key, bounds in ranges.items():
        check_within(complete.get(key), bounds, options=complete, where=f"{where}.{key}")
    pairs: tuple[str, ...] = constant(kind, name, "PAIRS", ())
    for key in pairs:
        if complete.get(key) is not None:
            check_pair(complete[key], where=f"{where}.{key}")
    return checked


def _check_given(kind: str, name: str, options: Mapping, known: Mapping[str, Option], where: str) -> None:
    """Check that no option is missing, and that none is empty that has to hold something."""
    source = "/".join(module_name(kind, name).split(".")[1:])
    missing = [key for key, option in known.items() if option.default is None and key not in options]
    if missing:
        raise DeguError(f"option '{missing[0]}' is missing", where=where, remedy=f"see {source}.py")
    not_empty: tuple[str, ...] = constant(kind, name, "NOT_EMPTY", ())
    for key in not_empty:
        value = options.get(key, True)
        if not (value.strip() if isinstance(value, str) else value):
            raise DeguError(f"option '{key}' is empty", where=f"{where}.{key}", remedy=f"see {source}.py")


def default_options(kind: str, name: str) -> dict[str, Any]:
    """Return the default of each option of a plugin; it is None if the option is required or no literal."""
    return {key: _literal(option.default) for key, option in options_of(kind, name).items()}


def complete_options(kind: str, name: str, options: Mapping) -> dict[str, Any]:
    """Return the options that are set for a plugin, with the defaults of all others, as `default_options` has them."""
    return default_options(kind, name) | dict(options)


def _literal(default: ast.expr | None) -> object:
    """Return the value of a default, or None if it is no literal."""
    try:
        return None if default is None else ast.literal_eval(default)
    except ValueError:
        return None


@cache
def options_of(kind: str, name: str) -> dict[str, Option]:
    """Return the options of a plugin: the keyword-only arguments of its function."""
    tree, function = _parse(kind, name), KINDS[kind].function
    node = next(item for item in tree.body if isinstance(item, ast.FunctionDef) and item.name == function)
    arguments = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    return {argument.arg: Option(_resolved(argument.annotation, tree), default) for argument, default in arguments}


def _resolved(annotation: ast.expr | None, tree: ast.Module) -> ast.expr | None:
    """Return an annotation, or what stands for its name in the module of the library that it is imported from."""
    if not isinstance(annotation, ast.Name):
        return annotation
    for item in tree.body:
        if isinstance(item, ast.ImportFrom) and annotation.id in [alias.name for alias in item.names]:
            path = _LIBRARY.joinpath(*(item.module or "").split(".")[1:]).with_suffix(".py")
            values = _assigned(ast.parse(path.read_text(encoding="utf-8"))) if path.is_file() else {}
            return values.get(annotation.id, annotation)
    return annotation


def constant(kind: str, name: str, constant: str, default: T) -> T:
    """Return the literal that the source of a plugin assigns to a constant, or the default if it assigns none."""
    values = _assigned(_parse(kind, name))
    return ast.literal_eval(values[constant]) if constant in values else default


def _assigned(tree: ast.Module) -> dict[str, ast.expr]:
    """Return what a module assigns to names of its own, by these names."""
    assigned = {}
    for item in tree.body:
        if isinstance(item, ast.Assign) and len(item.targets) == 1:
            assigned[ast.unparse(item.targets[0])] = item.value
        elif isinstance(item, ast.AnnAssign) and item.value is not None:
            assigned[ast.unparse(item.target)] = item.value
    return assigned


@cache
def _parse(kind: str, name: str) -> ast.Module:
    return ast.parse((_folder(kind) / f"{name}.py").read_text(encoding="utf-8"))


def _folder(kind: str) -> Path:
    return _LIBRARY.joinpath(*KINDS[kind].package.split(".")[1:])
