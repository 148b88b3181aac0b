"""Settings from YAML files: they are merged, completed with defaults and checked against JSON schemas."""

import copy
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from degu.config.schema_errors import explain
from degu.config.values import check_finite, convert
from degu.config.yaml_loader import RefusedYaml, StrictLoader
from degu.errors import DeguError


def read_yaml(path: Path) -> dict:
    """Read a mapping from a YAML file.

    Raises
    ------
    DeguError
        If the file is absent, is not YAML, holds anything but a mapping, or gives a key twice, or a number in base 8
        or 60.
    """
    try:
        with path.open(encoding="utf-8") as handle:
            content = yaml.load(handle, Loader=StrictLoader)
    except RefusedYaml as error:
        raise DeguError(str(error), where=path, expected=error.expected, remedy=error.remedy) from error
    except (yaml.YAMLError, OSError, ValueError) as error:
        raise DeguError(f"not readable as YAML: {error}", where=path) from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise DeguError(f"holds a {type(content).__name__}", where=path, expected="a mapping of keys to values")
    return content


def complete(values: dict, schema: Mapping, *, where: str) -> dict:
    """Read values as a JSON schema wants them, fill in its defaults, check them against it, and return them.

    Raises
    ------
    DeguError
        If a key is unknown or missing, or a value is wrong. The message names the key and, if it is unknown, the
        nearest known one.
    """
    values = fill_defaults(convert(values, schema), schema)
    check_finite(values, where=where)
    errors = sorted(jsonschema.Draft202012Validator(schema).iter_errors(values), key=lambda error: list(error.path))
    if errors:
        raise explain(errors[0], where)
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
