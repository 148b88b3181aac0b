"""Settings that are laid over others."""

import copy
from collections.abc import Mapping


def merge(base: Mapping, over: Mapping) -> dict:
    """Return `base` with `over` laid over it: mappings merge key by key, and any other value is replaced."""
    merged = copy.deepcopy(dict(base))
    for key, value in over.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = merge(merged[key], value) if both else copy.deepcopy(value)
    return merged
