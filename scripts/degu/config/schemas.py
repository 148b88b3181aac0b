"""Settings from YAML, laid over one another, checked against JSON schemas and completed with their defaults."""

import copy
import re
from collections.abc import Mapping
from pathlib import Path

import jsonschema
import yaml

from degu.errors import DeguError, did_you_mean

# The same reader in C, where PyYAML was built with it, is ten times as fast.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> dict:
    """Read a mapping from a YAML file.

    Raises
    ------
    DeguError
        If it is not YAML or not a mapping.
    """
    try:
        with path.open() as handle:
            content = yaml.load(handle, Loader=_Loader)
    except (yaml.YAMLError, OSError, UnicodeDecodeError) as error:
        raise DeguError(f"not readable as YAML: {error}", where=path) from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise DeguError(f"holds a {type(content).__name__}", where=path, expected="a mapping of keys to values")
    return content


def merge(base: Mapping, over: Mapping) -> dict:
    """Return `base` with `over` laid over it: mappings merge, everything else is replaced."""
    merged = copy.deepcopy(dict(base))
    for key, value in over.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = merge(merged[key], value) if both else copy.deepcopy(value)
    return merged


def complete(values: dict, schema: Mapping, *, where: str) -> dict:
    """Check values against a JSON schema and fill in its defaults.

    Raises
    ------
    DeguError
        Naming the key; for an unknown key, with the nearest known one.
    """
    values = fill_defaults(values, schema)
    errors = sorted(jsonschema.Draft202012Validator(schema).iter_errors(values), key=lambda error: list(error.path))
    if errors:
        raise _explain(errors[0], where)
    return values


def fill_defaults(values: dict, schema: Mapping) -> dict:
    """Return values with the schema's defaults for what they do not say, in nested mappings too."""
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


def _explain(error: jsonschema.ValidationError, where: str) -> DeguError:
    """Turn a schema error into one for a person."""
    key = ".".join(str(part) for part in error.path)
    place = f"{where}: {key}" if key else where
    description = error.schema.get("description")
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        unknown = next(name for name in error.instance if name not in known)
        return DeguError(f"unknown key '{unknown}'", where=place, expected=did_you_mean(unknown, known))
    if error.validator == "required":
        missing = next(name for name in error.validator_value if name not in error.instance)
        return DeguError(f"the key '{missing}' is missing", where=place, remedy="see config/README.md")
    message = f"'{error.instance}' is not of the right form" if error.validator == "pattern" else error.message
    return DeguError(message, where=place, expected=description, remedy=_remedy(error, key))


def _remedy(error: jsonschema.ValidationError, key: str) -> str | None:
    """Return what to write where text was given for something else."""
    text = error.instance
    if error.validator != "type" or not isinstance(text, str):
        return None
    if re.fullmatch(r"[-+]?\d+(\.\d*)?[eE][-+]?\d+", text):
        return "YAML reads a number without a point, such as 1e-3, as text: write 1.0e-3"
    if error.validator_value == "array":
        return f"write a list: [{text}]" + (f", as in --config '{key}=[{text}]'" if len(error.path) == 1 else "")
    if re.fullmatch(r"[-+]?\d+(\.\d*)?|true|false", text, re.IGNORECASE):
        return "in a file, write it without quotes; --config makes text of what stands in {...} or [...]"
    return None
