"""The named predictions of a model, and where each stands in an array.

An array of predictions has the shape (..., H * T): for each head in order, each target in order. Nothing else
in the library counts columns.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np

from degu.errors import DeguError, did_you_mean

# Standard deviations: of the measurement, and of the mean over the members of an ensemble.
UNCERTAINTIES = ("aleatoric", "epistemic")
# `lower` and `upper` are the ends of a central interval, as quantile regression predicts them.
HEADS = ("mean", *UNCERTAINTIES, "lower", "upper")


@dataclass(frozen=True)
class Heads:
    """The predictions of one model.

    Attributes
    ----------
    heads
        Names, of `HEADS`, the first being `mean`.
    targets
        Names of the targets.
    """

    heads: tuple[str, ...]
    targets: tuple[str, ...]

    def __post_init__(self) -> None:
        for head in self.heads:
            if head not in HEADS:
                raise DeguError(f"unknown head '{head}'", where="heads", expected=did_you_mean(head, HEADS))
        if self.heads[:1] != ("mean",) or len(set(self.heads)) != len(self.heads):
            raise DeguError(f"heads {list(self.heads)}", where="heads", expected="'mean' first, each at most once")

    @property
    def columns(self) -> list[tuple[str, str]]:
        """The (head, target) of each column."""
        return [(head, target) for head in self.heads for target in self.targets]

    def select(self, values: np.ndarray, head: str) -> np.ndarray:
        """Return one head's predictions, (..., T), of an array of shape (..., H * T)."""
        if head not in self.heads:
            raise DeguError(f"the model has no head '{head}'", expected=", ".join(self.heads))
        start = self.heads.index(head) * len(self.targets)
        return values[..., start : start + len(self.targets)]

    def to_json(self) -> dict:
        """Return a mapping that `from_json` reads."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping) -> "Heads":
        """Return the heads that `to_json` wrote."""
        return cls(heads=tuple(values["heads"]), targets=tuple(values["targets"]))
