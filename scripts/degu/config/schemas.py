"""Settings from YAML files: they are merged, completed with defaults and checked against JSON schemas."""

import copy
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from degu.errors import DeguError, did_you_mean

# The loader written in C is ten times as fast, but not every build of PyYAML has it.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> dict:
    """Read a mapping from a YAML file.

    Raises
    ------
    DeguError
        If the file is absent, is not YAML, gives a key twice, or holds anything but a mapping.
    """
    try:
        with path.open(encoding="utf-8") as handle:
            content = yaml.load(handle, Loader=_UniqueKeys)
    except _GivenTwice as error:
        raise DeguError(
            str(error), where=path, expected="each key once", remedy="put what both hold under one key, or remove one"
        ) from error
    except (yaml.YAMLError, OSError, UnicodeDecodeError) as error:
        raise DeguError(f"not readable as YAML: {error}", where=path) from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise DeguError(f"holds a {type(content).__name__}", where=path, expected="a mapping of keys to values")
    return content


class _GivenTwice(yaml.YAMLError):
    """A mapping has two values for one key."""


class _UniqueKeys(_Loader):  # type: ignore[misc, valid-type]
    """A loader that refuses a key that is given twice; of its values, YAML would keep the last one in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        lines: dict[str, int] = {}
        for key, _ in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                continue
            if key.value in lines:
                raise _GivenTwice(f"the key '{key.value}' is given twice, in lines {lines[key.value]} and {line}")
            lines[key.value] = line
        return super().construct_mapping(node, deep=deep)


def expand_path(path: str, *, where: str) -> str:
    """Return a path with `~` and variables such as `$HOME` in place of what they stand for.

    Raises
    ------
    DeguError
        If there is no such user or variable, or if the path has braces, which mean something else to Snakemake.
    """
    # An empty path stays empty, which `Path` would not leave it.
    expanded = os.path.expanduser(os.path.expandvars(path))  # noqa: PTH111
    if expanded.startswith("~") or re.search(r"\$\w|\$\{", expanded):
        raise DeguError(
            f"'{path}' names a user or a variable that does not exist", where=where, remedy="write the path in full"
        )
    if "{" in expanded or "}" in expanded:
        raise DeguError(
            f"the path '{expanded}' has braces",
            where=where,
            expected="a path without { and }, since Snakemake reads them as the name of a wildcard",
            remedy="rename the file or folder, or name a link to it",
        )
    return expanded


def merge(base: Mapping, over: Mapping) -> dict:
    """Return `base` with `over` laid over it: mappings merge key by key, and any other value is replaced."""
    merged = copy.deepcopy(dict(base))
    for key, value in over.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = merge(merged[key], value) if both else copy.deepcopy(value)
    return merged


def complete(values: dict, schema: Mapping, *, where: str) -> dict:
    """Fill in the defaults of a JSON schema, check the values against it, and return them.

    Raises
    ------
    DeguError
        If a key is unknown or missing, or a value is wrong. The message names the key and, if it is unknown, the
        nearest known one.
    """
    values = fill_defaults(values, schema)
    errors = sorted(jsonschema.Draft202012Validator(schema).iter_errors(values), key=lambda error: list(error.path))
    if errors:
        raise _explain(errors[0], where)
    return values


def fill_defaults(values: Any, schema: Mapping) -> Any:
    """Return the values with the schema's default for each key that is absent, in nested mappings too."""
    if not isinstance(values, dict):
        return values
    filled = dict(values)
    for key, part in schema.get("properties", {}).items():
        if key not in filled and "default" in part:
            filled[key] = copy.deepcopy(part["default"])
        if key in filled:
            filled[key] = fill_defaults(filled[key], part)
    additional = schema.get("additionalProperties")
    if isinstance(additional, Mapping):
        for key in filled.keys() - schema.get("properties", {}).keys():
            filled[key] = fill_defaults(filled[key], additional)
    return filled


def check_spelling(name: object, *, where: str) -> None:
    """Check that a name can be part of a path.

    Raises
    ------
    DeguError
        If it holds anything but letters, digits and underscores.
    """
    if not re.fullmatch(r"[A-Za-z0-9_]+", str(name)):
        raise DeguError(f"the name '{name}'", where=where, expected="letters, digits and underscores")


def _explain(error: jsonschema.ValidationError, where: str) -> DeguError:
    """Return an error for a person in place of one from the schema."""
    key = ".".join(str(part) for part in error.path)
    place = f"{where}: {key}" if key else where
    instance: Any = error.instance
    required: Any = error.validator_value
    schema: Mapping[str, Any] = error.schema if isinstance(error.schema, Mapping) else {}
    description = schema.get("description")
    if error.validator == "additionalProperties":
        known = schema.get("properties", {})
        unknown = next(name for name in instance if name not in known)
        within = [name for name, part in known.items() if str(unknown).rpartition(".")[2] in part.get("properties", {})]
        if within and str(unknown).rpartition(".")[0] in ("", within[0]):
            inner = str(unknown).rpartition(".")[2]
            return DeguError(
                f"unknown key '{unknown}'",
                where=place,
                expected=f"`{inner}` is a key within `{within[0]}`",
                remedy=f"write it there, or on the command line: --config '{within[0]}={{{inner}: ...}}'",
            )
        return DeguError(f"unknown key '{unknown}'", where=place, expected=did_you_mean(unknown, known))
    if error.validator == "required":
        missing = next(name for name in required if name not in instance)
        return DeguError(f"the key '{missing}' is missing", where=place, remedy="see config/README.md")
    message = f"'{error.instance}' is not of the right form" if error.validator == "pattern" else error.message
    return DeguError(message, where=place, expected=description, remedy=_remedy(error, key))


def _remedy(error: jsonschema.ValidationError, key: str) -> str | None:
    """Return what to write in place of text, or None if no advice fits."""
    text = error.instance
    if error.validator != "type" or not isinstance(text, str):
        return None
    if re.fullmatch(r"[-+]?\d+(\.\d*)?[eE][-+]?\d+", text):
        return "YAML reads a number without a point, such as 1e-3, as text: write 1.0e-3"
    if error.validator_value == "array":
        return f"write a list: [{text}]" + (f", as in --config '{key}=[{text}]'" if len(error.path) == 1 else "")
    if re.fullmatch(r"[-+]?\d+(\.\d*)?|true|false", text, re.IGNORECASE):
        return "in a file, write it without quotes; --config reads each value within {...} or [...] as text"
    return None
