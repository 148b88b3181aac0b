"""What a loss declares about itself, read without importing Keras.

Constants of a module of `degu.losses`, all optional:

- `HEADS`: the heads that it takes together, as one term; without it, it compares each head with its target.
- `TARGETS`: the named arrays of `degu.distillation.targets` that it reads; without it, those named as its heads.
- `POSITIVE`: it needs uncertainties above 0, and so a link that gives them.
- `FAMILY`: of the predictive distribution, as in `degu.uncertainty.distributions`; without it, `normal`.
- `PARAMETERS` (with a function `heads`): what the model puts out, where that is not the heads themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from degu.config.plugins import constant


@dataclass(frozen=True)
class LossDeclaration:
    """The constants of one loss."""

    heads: tuple[str, ...]
    targets: tuple[str, ...]
    positive: bool
    family: str


def loss_declaration(name: str) -> LossDeclaration:
    """Return what a loss declares."""
    heads = constant("loss", name, "HEADS", ())
    return LossDeclaration(
        heads=heads,
        targets=constant("loss", name, "TARGETS", heads),
        positive=constant("loss", name, "POSITIVE", False),
        family=constant("loss", name, "FAMILY", "normal"),
    )


def loss_options(recipe: Mapping) -> dict:
    """Return the options of a recipe's loss."""
    return {key: value for key, value in recipe["loss"].items() if key != "name"}


def targets_of(recipe: Mapping) -> tuple[str, ...]:
    """Return the names of the arrays, as in `degu.distillation.targets`, that a recipe's training reads."""
    declared = loss_declaration(recipe["loss"]["name"])
    single = [head for head in recipe["heads"] if head not in declared.heads]
    return tuple(dict.fromkeys([*declared.targets, *single]))
