"""The named predictions of a model, and where each of them stands in an array.

An array of predictions has the shape (..., W). It holds each head in order, within a head each target in order, and
within a target the head's trailing axes, if it has any. Nothing else in the library counts columns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import prod

import numpy as np

from degu.errors import DeguError, did_you_mean

# Quantities on the scale of the target: its mean, and the ends of a central interval (quantile regression).
LOCATIONS = ("mean", "lower", "upper")
# Standard deviations of the measurement, and of the mean over the members of an ensemble.
UNCERTAINTIES = ("aleatoric", "epistemic")
KINDS = (*UNCERTAINTIES, "total")
# Standard deviations of the share of the counts that is in each bin of a profile: over replicates, and over members.
PROFILE_UNCERTAINTIES = ("profile_aleatoric", "profile_epistemic")
# The std over replicates says how well their mean is measured, and is no uncertainty of the prediction.
STANDARD_DEVIATIONS = (*UNCERTAINTIES, "replicate_std", *PROFILE_UNCERTAINTIES)
# The probability of each strand and position, the one head with trailing axes that attribution explains.
PROFILE = "profile"
# Heads whose trailing axes are strands, and positions or bins of these.
OF_PROFILES = (PROFILE, *PROFILE_UNCERTAINTIES)
# Quantities with trailing axes: the probability of each class (C,); the counts at each of S strands and P positions, or
# the probability of each (S, P); a standard deviation in each of B bins of these positions (S, B).
ARRAYS = ("probability", *OF_PROFILES)
HEADS = ("mean", *UNCERTAINTIES, "replicate_std", "lower", "upper", *ARRAYS)
# A model predicts one of these first; all else is said of it.
FIRST = ("mean", "probability", "profile")


@dataclass(frozen=True)
class Heads:
    """The predictions of one model.

    Attributes
    ----------
    heads
        Names from `HEADS`; the first one is from `FIRST`.
    targets
        Names of the T targets.
    shapes
        Trailing axes of the heads that have them, such as `{"profile": (2, 1000)}`. Other heads have one value a
        target.

    Raises
    ------
    DeguError
        If a head is unknown, comes twice, or the first one is not from `FIRST`; if trailing axes are given to a head
        that is not there, or none to one of `ARRAYS`.
    """

    heads: tuple[str, ...]
    targets: tuple[str, ...]
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for head in self.heads:
            if head not in HEADS:
                raise DeguError(f"unknown head '{head}'", where="heads", expected=did_you_mean(head, HEADS))
        if self.heads[:1] not in [(name,) for name in FIRST] or len(set(self.heads)) != len(self.heads):
            expected = "'mean' first (or 'probability' or 'profile'), each at most once"
            raise DeguError(f"heads {list(self.heads)}", where="heads", expected=expected)
        object.__setattr__(self, "shapes", {head: tuple(shape) for head, shape in self.shapes.items()})
        for head in {*self.shapes, *(head for head in self.heads if head in ARRAYS)}:
            if head not in self.heads or not self.shape(head) or min(self.shape(head)) < 1:
                raise DeguError(
                    f"the head '{head}' has the trailing axes {self.shape(head)}",
                    where="heads",
                    expected=f"axes of one or more for each of {', '.join(ARRAYS)} that the model has, and no others",
                )

    def shape(self, head: str) -> tuple[int, ...]:
        """Return the trailing axes of a head; () if it has one value a target."""
        return self.shapes.get(head, ())

    def size(self, head: str) -> int:
        """Return the number of columns of a head: the number of targets times that of values a target."""
        return len(self.targets) * prod(self.shape(head))

    @property
    def width(self) -> int:
        """Number W of columns of all heads."""
        return sum(self.size(head) for head in self.heads)

    def select(self, values: np.ndarray, head: str) -> np.ndarray:
        """Return one head's predictions, (..., T) and its trailing axes, of an array of shape (..., W)."""
        if head not in self.heads:
            raise DeguError(f"the model has no head '{head}'", expected=", ".join(self.heads))
        start = sum(self.size(before) for before in self.heads[: self.heads.index(head)])
        part = values[..., start : start + self.size(head)]
        return part if not self.shape(head) else part.reshape(*part.shape[:-1], len(self.targets), *self.shape(head))

    def join(self, predictions: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return an array of shape (..., W) of each head's predictions, (..., T) and its trailing axes."""
        parts = []
        for head in self.heads:
            values = np.asarray(predictions[head])
            leading = values.shape[: values.ndim - 1 - len(self.shape(head))]
            parts.append(values.reshape(*leading, self.size(head)))
        return np.concatenate(parts, axis=-1)

    def of_one_value(self) -> "Heads":
        """Return the heads that have one value a target, without those that have trailing axes.

        Raises
        ------
        DeguError
            If what is said of the others stands first.
        """
        return self.only([head for head in self.heads if not self.shape(head)])

    def only(self, heads: Sequence[str]) -> "Heads":
        """Return some of the heads, in the order of all.

        Raises
        ------
        DeguError
            If what is said of the others stands first.
        """
        kept = tuple(head for head in self.heads if head in heads)
        return Heads(kept, self.targets, {head: shape for head, shape in self.shapes.items() if head in kept})

    def columns(self, heads: Sequence[str]) -> list[int]:
        """Return the numbers of the columns of some heads, in the order of all."""
        columns: list[int] = []
        start = 0
        for head in self.heads:
            if head in heads:
                columns += range(start, start + self.size(head))
            start += self.size(head)
        return columns

    def turned(self, values: np.ndarray) -> np.ndarray:
        """Return predictions for reverse complements, (..., W), as predictions for the sequences themselves.

        The strands of profiles change places, and their positions are read from the other end.
        """
        if not any(head in OF_PROFILES for head in self.heads):
            return values
        return self.join({head: turned_head(head, self.select(values, head)) for head in self.heads})

    def mean_over_strands(self, predicted: Sequence[np.ndarray]) -> np.ndarray:
        """Return the mean of predictions, float32 (..., W), for one strand, or for this and the other one.

        Those for the other strand come second, and are turned back first.
        """
        first, *others = predicted
        if not others:
            return first
        return np.stack([first, *map(self.turned, others)]).mean(axis=0, dtype=np.float32)

    def to_json(self) -> dict:
        """Return a mapping that `from_json` reads."""
        content = {"heads": list(self.heads), "targets": list(self.targets)}
        return content | ({"shapes": {head: list(shape) for head, shape in self.shapes.items()}} if self.shapes else {})

    @classmethod
    def from_json(cls, values: Mapping) -> "Heads":
        """Return the heads that `to_json` wrote."""
        return cls(tuple(values["heads"]), tuple(values["targets"]), values.get("shapes", {}))


def turned_head(head: str, values: np.ndarray) -> np.ndarray:
    """Return what `Heads.turned` does, of one head, (..., T) and its trailing axes."""
    return values[..., ::-1, ::-1] if head in OF_PROFILES else values


def standard_deviations(heads: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the predicted standard deviations by kind, in the heads' shape; empty if no head is an uncertainty.

    The kind `total` is the square root of the sum of the other variances. A linear head, as published, can predict a
    negative standard deviation, which counts as 0.
    """
    known = {kind: np.maximum(heads[kind].astype(np.float64), 0) for kind in UNCERTAINTIES if kind in heads}
    if known:
        known["total"] = np.sqrt(sum(np.square(values) for values in known.values()))
    return known
