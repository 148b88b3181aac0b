"""The named outputs of a model: which heads, of which targets, on which scale.

A model has one output array of shape (B, H * T): for each head in order, each target in order. Nothing else
in the library counts columns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from degu.errors import DeguError, did_you_mean

# Mean activity; std of the measurement over replicates; std over the members of an ensemble.
HEADS = ("mean", "aleatoric", "epistemic")
SCALES = ("std", "log_variance")


@dataclass(frozen=True)
class Heads:
    """The outputs of one model.

    Attributes
    ----------
    heads
        Names, of `HEADS`, the first being `mean`.
    targets
        Names of the targets.
    scale
        What the model's uncertainty outputs are: standard deviations (`std`) or `log_variance`.
    activation
        Of the uncertainty outputs: `linear` (as published) or `softplus`.
    floor
        Smallest standard deviation that a logarithm is taken of.
    """

    heads: tuple[str, ...]
    targets: tuple[str, ...]
    scale: str = "std"
    activation: str = "linear"
    floor: float = 1e-4

    def __post_init__(self) -> None:
        for head in self.heads:
            if head not in HEADS:
                raise DeguError(f"unknown head '{head}'", where="heads", expected=did_you_mean(head, HEADS))
        if self.heads[:1] != ("mean",) or len(set(self.heads)) != len(self.heads):
            raise DeguError(f"heads {list(self.heads)}", where="heads", expected="'mean' first, each at most once")

        if self.scale == "log_variance" and self.activation == "softplus":
            raise DeguError(
                "log variances with a softplus activation",
                where="uncertainty",
                expected="activation linear: a softplus cannot put out the negative log variance of a std below 1",
            )

    @property
    def columns(self) -> list[tuple[str, str]]:
        """The (head, target) of each output."""
        return [(head, target) for head in self.heads for target in self.targets]

    def select(self, values: np.ndarray, head: str) -> np.ndarray:
        """Return one head's outputs, (..., T), of an array of shape (..., H * T)."""
        if head not in self.heads:
            raise DeguError(f"the model has no head '{head}'", expected=", ".join(self.heads))
        start = self.heads.index(head) * len(self.targets)
        return values[..., start : start + len(self.targets)]

    def to_outputs(self, values: np.ndarray) -> np.ndarray:
        """Turn means and standard deviations into what the model is to put out; both of shape (..., H * T)."""
        if self.scale == "std":
            return values
        outputs = values.copy()
        t = len(self.targets)
        outputs[..., t:] = 2 * np.log(np.maximum(values[..., t:], self.floor))
        return outputs

    def from_outputs(self, outputs: np.ndarray) -> np.ndarray:
        """Turn a model's outputs into means and standard deviations; both of shape (..., H * T)."""
        if self.scale == "std":
            return outputs
        values = outputs.copy()
        t = len(self.targets)
        values[..., t:] = np.exp(0.5 * outputs[..., t:])
        return values

    def to_json(self) -> dict:
        """Return a mapping that `from_json` reads."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping) -> "Heads":
        """Return the heads that `to_json` wrote."""
        return cls(**{**values, "heads": tuple(values["heads"]), "targets": tuple(values["targets"])})

    @classmethod
    def of_recipe(cls, recipe: Mapping, targets: Sequence[str]) -> "Heads":
        """Return the heads that a recipe asks for on a data set's targets."""
        return cls(heads=tuple(recipe["heads"]), targets=tuple(targets), **recipe["uncertainty"])
