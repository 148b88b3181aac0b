"""What a loss declares about itself; it is read without importing Keras.

A module of `degu.losses` may define these constants, each of which is optional:

- `HEADS` names the heads that the loss takes together, as one term. Without it, the loss compares each head with the
  target of the same name.
- `TARGETS` names the arrays of `degu.distillation.targets` that the loss reads. Without it, they are named like its
  heads.
- `POSITIVE` is true if the loss needs standard deviations above 0, and so a link that yields them.
- `LABELS` is true if the loss learns log odds from labels of 0 and 1, as its head `mean`.
- `UNSCALED` is true if the loss needs its targets as they are, such as counts, and so no `target_scaling`. Without it,
  it is the same as `LABELS`.
- `FAMILY` names the family of the predictive distribution in `degu.uncertainty.distributions`. Without it, it is
  `normal`.
- `PARAMETERS`, with a function `heads`, names the outputs of the model if they are not the heads themselves.
- `SHAPED_LIKE` names, for some of these parameters, the head whose shape the parameter has. Without it, a parameter has
  the shape of the first head of the loss.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from degu.config.plugins import constant, without_name

# All strategies of active learning are compared with this one.
BASELINE_STRATEGY = "random"
# Keys of a design that are no options of its search; a design that is named alone has these values.
DESIGN_SETTINGS: Mapping[str, str | int | None] = {"designer": "ensemble", "penalty": 0, "target": None}


@dataclass(frozen=True)
class LossDeclaration:
    """What one loss declares.

    Attributes
    ----------
    heads
        The heads that the loss takes together; empty if it compares each head with its own target.
    targets
        The arrays that the loss reads.
    positive
        Whether the loss needs standard deviations above 0.
    labels
        Whether the loss learns log odds from labels of 0 and 1.
    unscaled
        Whether the loss needs its targets as they are.
    family
        The family of the predictive distribution.
    """

    heads: tuple[str, ...]
    targets: tuple[str, ...]
    positive: bool
    labels: bool
    unscaled: bool
    family: str


def loss_declaration(name: str) -> LossDeclaration:
    """Return what the loss of this name declares."""
    heads: tuple[str, ...] = constant("loss", name, "HEADS", ())
    labels: bool = constant("loss", name, "LABELS", False)
    return LossDeclaration(
        heads=heads,
        targets=constant("loss", name, "TARGETS", heads),
        positive=constant("loss", name, "POSITIVE", False),
        labels=labels,
        unscaled=constant("loss", name, "UNSCALED", labels),
        family=constant("loss", name, "FAMILY", "normal"),
    )


def loss_options(recipe: Mapping) -> dict:
    """Return the options that a recipe sets for its loss."""
    return without_name(recipe["loss"])


def targets_of(recipe: Mapping) -> tuple[str, ...]:
    """Return the names of the arrays of `degu.distillation.targets` that training with this recipe reads."""
    declared = loss_declaration(recipe["loss"]["name"])
    single = [head for head in recipe["heads"] if head not in declared.heads]
    return tuple(dict.fromkeys([*declared.targets, *single]))
