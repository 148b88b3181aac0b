"""What a person is told of a value that its JSON schema does not allow."""

import re
from collections.abc import Mapping
from typing import Any

import jsonschema

from degu.config.values import kinds_of
from degu.errors import DeguError, did_you_mean

# The place of keys that `--config` can set; all others stand in files of their own.
CONFIGURATION = "configuration"


def explain(error: jsonschema.ValidationError, where: str) -> DeguError:
    """Return an error for a person in place of one from a schema.

    Parameters
    ----------
    error
        The error from the schema.
    where
        The file, or `configuration`, in which the value stands.
    """
    path = [str(part) for part in error.path]
    place = ": ".join(filter(None, [where, ".".join(path)]))
    instance: Any = error.instance
    schema: Mapping[str, Any] = error.schema if isinstance(error.schema, Mapping) else {}
    if error.validator == "additionalProperties":
        unknown = next(name for name in instance if name not in schema.get("properties", {}))
        return _unknown_key(unknown, schema.get("properties", {}), where, path)
    if error.validator == "required":
        required: Any = error.validator_value
        missing = next(name for name in required if name not in instance)
        return DeguError(f"the key '{missing}' is missing", where=place, remedy="see config/README.md")
    message = f"'{instance}' is not of the right form" if error.validator == "pattern" else error.message
    return DeguError(message, where=place, expected=schema.get("description"), remedy=_remedy(error, where, path))


def _unknown_key(unknown: object, known: Mapping[str, Mapping], where: str, path: list[str]) -> DeguError:
    """Return an error that names the nearest known key, or the keys within which the unknown one belongs."""
    place = ": ".join(filter(None, [where, ".".join(path)]))
    outer, _, inner = str(unknown).rpartition(".")
    within = [name for name, part in known.items() if inner in part.get("properties", {}) and outer in ("", name)]
    if not within:
        return DeguError(f"unknown key '{unknown}'", where=place, expected=did_you_mean(str(unknown), known))
    parents = " and ".join(f"`{name}`" for name in within)
    remedy = " or ".join(f"`{name}: {{{inner}: ...}}`" for name in within)
    remedy = f"write {remedy} there"
    if where == CONFIGURATION:
        remedy += f", or on the command line: {_command([*path, within[0], inner], '...')}"
    return DeguError(
        f"unknown key '{unknown}'", where=place, expected=f"`{inner}` is a key within {parents}", remedy=remedy
    )


def _command(path: list[str], value: str) -> str:
    """Return the option of the command line that sets one key."""
    return f"--config '{'.'.join(path)}={value}'"


def _remedy(error: jsonschema.ValidationError, where: str, path: list[str]) -> str | None:
    """Return what to write in place of a value of the wrong type or of an empty list, or None if no advice fits."""
    value = error.instance
    if error.validator == "minItems" and where == CONFIGURATION:
        return f"name one, as in {_command(path, '[NAME]')}"
    if error.validator != "type":
        return None
    wanted = kinds_of(error.schema) if isinstance(error.schema, Mapping) else ()
    if isinstance(value, bool) and "string" in wanted:
        return "YAML reads on, off, yes, no, true and false without quotes as true or false: write the text in quotes"
    if isinstance(value, (int, float)) and "string" in wanted:
        return "write it in quotes"
    if not isinstance(value, str):
        return None
    if "array" in wanted:
        command = f", as in {_command(path, f'[{value}]')}" if where == CONFIGURATION and path else ""
        return f"write a list: [{value}]{command}"
    exponent = re.fullmatch(r"([-+]?\d+)\.?(\d*)[eE]([-+]?)(\d+)", value)
    if exponent and "number" in wanted:
        whole, part, sign, power = exponent.groups()
        return (
            f"YAML reads {value} as text, for want of a point or a sign: write {whole}.{part or 0}e{sign or '+'}{power}"
        )
    if re.fullmatch(r"[-+]?0\d+", value) and {"number", "integer"} & set(wanted):
        return "write the number without leading zeros"
    return None
