"""The attribution methods that explain recurrent networks."""

from degu.config.plugins import constant, known_names


def recurrent_methods() -> list[str]:
    """Return the names of the attribution methods that explain recurrent networks, which most do."""
    kind = "attribution method"
    return [name for name in known_names(kind) if constant(kind, name, "RECURRENT", True)]
