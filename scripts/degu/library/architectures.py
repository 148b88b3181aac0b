"""Networks that a person asks for: one of `degu.models` by its name, or one that a function of theirs builds."""

import inspect
from collections.abc import Mapping
from typing import Any, NamedTuple

from degu.training.backend import keras
from degu.errors import DeguError
from degu.models.layers.blocks import output_layers
from degu.training.building import Build

# Whoever writes a function for a network ends it with `output_layers`, and imports it as `degu.output_layers`.
__all__ = ["Architecture", "architecture_of", "output_layers"]
_EXPECTED = (
    "the name of a module of degu.models such as 'motif_cnn', a mapping of that `name` and of options, or a function "
    "build(length, outputs)"
)


class Architecture(NamedTuple):
    """A network that is built anew for each seed.

    Attributes
    ----------
    model
        Its name and its options, as a recipe has them. The name of a function has its module before it.
    build
        The function, if there is one.
    """

    model: dict[str, Any]
    build: Build | None = None


def architecture_of(given: Any, where: str = "build") -> Architecture:
    """Return the network that a person asks for.

    Parameters
    ----------
    given
        The name of a module of `degu.models`; a mapping with that `name` and with options of its function `build`; or a
        function that takes the number of bases of the sequences and a `degu.outputs.outputs.Outputs`, and returns a
        fresh functional model from `keras.Input((length, 4))` to `output_layers(features, outputs)`.
    where
        The argument, for error messages.

    Raises
    ------
    DeguError
        If it is none of these. Whether the network can be built shows when it is.
    """
    if isinstance(given, str):
        return Architecture({"name": given})
    if isinstance(given, Mapping):
        if not isinstance(given.get("name"), str):
            raise DeguError(f"{dict(given)!r} names no architecture", where=where, expected=_EXPECTED)
        return Architecture(dict(given))
    if isinstance(given, keras.Model) or (isinstance(given, type) and issubclass(given, keras.Model)):
        raise DeguError(
            "a model was given, and each member needs a fresh one",
            where=where,
            expected=_EXPECTED,
            remedy="write a function that makes the layers and returns keras.Model(inputs, outputs); models that are "
            "trained already make an Ensemble([model, ...])",
        )
    if not callable(given):
        raise DeguError(f"{given!r} was given", where=where, expected=_EXPECTED)
    try:
        inspect.signature(given).bind(200, None)
    except TypeError as error:
        raise DeguError(
            f"the function cannot be called with two arguments: {error}",
            where=where,
            expected="build(length, outputs)",
            remedy="give further arguments a default, or functools.partial(build, ...)",
        ) from error
    name = getattr(given, "__qualname__", type(given).__name__).replace("<locals>.", "")
    return Architecture({"name": f"{getattr(given, '__module__', None) or '__main__'}.{name}"}, given)
