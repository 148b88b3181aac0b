"""Keys with dots on the command line: `--config study.members=3` sets the key `members` within `study`.

Snakemake refuses such keys before it reads a workflow. So `profiles/default/config.yaml` hands them on as one mapping,
from each key to its value as text, under a key of its own.
"""

from collections.abc import Mapping
from typing import Any

import yaml

from degu.config.merging import merge
from degu.config.yaml_loader import RefusedYaml, StrictLoader
from degu.errors import DeguError

# The profile hands the mapping on under this key.
DOTTED_KEYS = "dotted_keys"


def lay_dotted_keys_over(config: Mapping) -> dict:
    """Return a configuration with the values of its dotted keys laid over it, in the order of the command line.

    Parameters
    ----------
    config
        The configuration that Snakemake has read. `dotted_keys`, which may be absent, maps keys such as
        `study.members` to text, which is read as YAML.

    Raises
    ------
    DeguError
        If a part of a key is empty, or a value is not YAML or a number in base 8 or 60.
    """
    settled = {key: value for key, value in config.items() if key != DOTTED_KEYS}
    for dotted, text in config.get(DOTTED_KEYS, {}).items():
        *outer, last = dotted.split(".")
        if not all((*outer, last)):
            raise DeguError(
                f"the key '{dotted}' has an empty part",
                where="configuration: --config",
                expected="names with a dot between them, as in `study.members=3`",
            )
        value = {last: _read(text, dotted)}
        for key in reversed(outer):
            value = {key: value}
        settled = merge(settled, value)
    return settled


def _read(text: str, dotted: str) -> Any:
    """Return the value of a key, which the command line gives as text."""
    where = f"configuration: {dotted}"
    try:
        return yaml.load(text, Loader=StrictLoader)
    except RefusedYaml as error:
        raise DeguError(str(error), where=where, expected=error.expected, remedy=error.remedy) from error
    except yaml.YAMLError as error:
        raise DeguError(
            f"'{text}' is not YAML",
            where=where,
            expected="a value as in a YAML file: a number, text, a list such as [a, b], or a mapping such as {a: 1}",
            remedy="put text that holds one of : , [ ] { } # or quotes in double quotes within the quotes of the shell",
        ) from error
