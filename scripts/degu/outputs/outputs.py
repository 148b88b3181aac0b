"""The parameters that a model puts out, and the heads that follow from them.

A model has one output array of shape (B, P). It holds each parameter in order, within a parameter each target in order,
and within a target the trailing axes, if there are any. The parameters are the heads themselves, where standard
deviations pass a link, unless the loss has parameters of its own (as the normal-inverse-gamma distribution has). All
of it is in scaled units: an activity y is put out as (y - center) / spread.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import prod
from types import ModuleType

import numpy as np
from keras import KerasTensor, ops

from degu.config.plugins import load
from degu.errors import DeguError
from degu.outputs.heads import LOCATIONS, OF_PROFILES, PROFILE_UNCERTAINTIES, STANDARD_DEVIATIONS, Heads

# The activation of the layer of a standard deviation under each link.
LINKS = {"identity": "linear", "softplus": "softplus", "log_variance": "linear"}


@dataclass(frozen=True)
class Outputs:
    """The outputs of one model.

    Attributes
    ----------
    heads
        The predictions that follow from the parameters.
    loss
        Name of the loss. If it declares `PARAMETERS`, those are what the model puts out.
    link
        How standard deviations are put out: `identity` (as published), `softplus` or `log_variance`.
    floor
        Smallest standard deviation, in scaled units. It is added to a softplus, and no logarithm is taken of less.
    center, spread
        One number a target. An activity y is put out as (y - center) / spread, a standard deviation s as s / spread.
        Heads with trailing axes have scales of their own. A standard deviation of the share of a profile in a bin is
        divided by an equal share, 1 / (S * B), because shares of many bins are small. The others are not scaled.
    """

    heads: Heads
    loss: str = "mean_squared_error"
    link: str = "identity"
    floor: float = 1e-4
    center: tuple[float, ...] = field(default=())
    spread: tuple[float, ...] = field(default=())

    def __post_init__(self) -> None:
        if self.link not in LINKS:
            raise DeguError(f"unknown link '{self.link}'", where="uncertainty.link", expected=", ".join(LINKS))
        targets = len(self.heads.targets)
        object.__setattr__(self, "center", tuple(self.center) or (0.0,) * targets)
        object.__setattr__(self, "spread", tuple(self.spread) or (1.0,) * targets)

    @property
    def own_parameters(self) -> dict[str, str]:
        """Name and activation of the parameters that the loss brings; empty if it works on heads."""
        return getattr(self._loss, "PARAMETERS", {})

    @property
    def parameters(self) -> dict[str, str]:
        """Name and activation of each parameter that the model puts out."""
        own = self.own_parameters
        covered = self._loss.HEADS if own else ()
        activations = {head: LINKS[self.link] if head in STANDARD_DEVIATIONS else "linear" for head in self.heads.heads}
        return own | {head: activation for head, activation in activations.items() if head not in covered}

    def shape(self, parameter: str) -> tuple[int, ...]:
        """Return the shape of a parameter of one sequence: (T,) and its trailing axes.

        A head's trailing axes are its own. A parameter of the loss has those of the head that the loss names for it in
        `SHAPED_LIKE`, or else those of the first head that the loss makes.
        """
        head = parameter
        if parameter in self.own_parameters:
            head = getattr(self._loss, "SHAPED_LIKE", {}).get(parameter, self._loss.HEADS[0])
        return (len(self.heads.targets), *self.heads.shape(head))

    @property
    def scalar_parameters(self) -> list[str]:
        """Names of the parameters that have one value a target."""
        return [name for name in self.parameters if len(self.shape(name)) == 1]

    @property
    def width(self) -> int:
        """The number P of values that the model puts out for one sequence."""
        return sum(prod(self.shape(parameter)) for parameter in self.parameters)

    def split(self, values: KerasTensor) -> dict[str, KerasTensor]:
        """Return each parameter, (B, T) and its trailing axes, of the model's output, (B, P)."""
        parts, start = {}, 0
        for name in self.parameters:
            shape = self.shape(name)
            part = values[..., start : start + prod(shape)]
            parts[name] = part if len(shape) == 1 else ops.reshape(part, (-1, *shape))
            start += prod(shape)
        return parts

    def to_link(self, head: str, values: KerasTensor) -> KerasTensor:
        """Return a head's values as the model is to put them out."""
        if head in STANDARD_DEVIATIONS and self.link == "log_variance":
            return 2 * ops.log(ops.maximum(values, self.floor))
        if head in STANDARD_DEVIATIONS and self.link == "softplus":
            return ops.maximum(values - self.floor, 0.0)
        return values

    def from_link(self, head: str, values: KerasTensor) -> KerasTensor:
        """Return what the model puts out for a head as the quantity that the head names."""
        if head in STANDARD_DEVIATIONS and self.link == "log_variance":
            return ops.exp(0.5 * values)
        if head in STANDARD_DEVIATIONS and self.link == "softplus":
            return values + self.floor
        return values

    def to_heads(self, parameters: Mapping[str, KerasTensor]) -> dict[str, KerasTensor]:
        """Return each head, (B, T) and its trailing axes, in scaled units, of the model's parameters.

        If some parameters are missing, only the heads that follow from the others are returned.
        """
        own_names = self.own_parameters
        own = self._loss.heads(parameters) if own_names and own_names.keys() <= parameters.keys() else {}
        known = {head: self.from_link(head, values) for head, values in parameters.items()} | own
        return {head: known[head] for head in self.heads.heads if head in known}

    def predictions(self, values: np.ndarray) -> np.ndarray:
        """Return the heads of a model's output, (N, P), side by side in the units of the data, float32 (N, W)."""
        heads = self.to_heads(self.split(ops.convert_to_tensor(values)))
        in_units = {head: self.unscale(head, ops.convert_to_numpy(part)) for head, part in heads.items()}
        return self.heads.join(in_units).astype(np.float32)

    def scale(self, name: str, values: np.ndarray) -> np.ndarray:
        """Return the values, (..., T), of a named array (see `degu.distillation.targets`) in scaled units."""
        head = "mean" if name == "measured" else name.removeprefix("member_")
        center, spread = self._scaling(head)
        return (values - center) / spread

    def unscale(self, head: str, values: np.ndarray) -> np.ndarray:
        """Return a head's values, (..., T), in the units of the data."""
        center, spread = self._scaling(head)
        return values * spread + center

    def _scaling(self, head: str) -> tuple[np.ndarray | float, np.ndarray | float]:
        if head in PROFILE_UNCERTAINTIES:
            return 0.0, 1.0 / prod(self.heads.shape(head))
        if self.heads.shape(head) or head not in (*LOCATIONS, *STANDARD_DEVIATIONS):
            return 0.0, 1.0
        center = 0.0 if head in STANDARD_DEVIATIONS else np.array(self.center, dtype=np.float32)
        return center, np.array(self.spread, dtype=np.float32)

    def to_json(self) -> dict:
        """Return a mapping that `from_json` reads."""
        return asdict(self) | {"heads": self.heads.to_json()}

    @classmethod
    def from_json(cls, values: Mapping) -> "Outputs":
        """Return the outputs that `to_json` wrote."""
        return cls(**{**values, "heads": Heads.from_json(values["heads"])})

    @classmethod
    def of_recipe(
        cls, recipe: Mapping, activity: np.ndarray, targets: Sequence[str], profile: tuple[int, int] | None = None
    ) -> "Outputs":
        """Return the outputs that a recipe asks for.

        Parameters
        ----------
        recipe
            Resolved settings of a teacher or student.
        activity
            Measured activity of the training rows, (N, T), which a `standard` scaling is taken from.
        targets
            Names of the T targets.
        profile
            Number of strands and of positions of profiles, if the data set has counts at each position.

        Raises
        ------
        DeguError
            If targets are to be scaled, and one does not vary.
        """
        center: tuple[float, ...] = ()
        spread_of_targets: tuple[float, ...] = ()
        if recipe["target_scaling"] == "standard":
            spread = activity.std(axis=0, dtype=np.float64)
            if not (spread > 0).all():
                raise DeguError("a target does not vary over the training rows", where="target_scaling: standard")
            center = tuple(activity.mean(axis=0, dtype=np.float64).tolist())
            spread_of_targets = tuple(spread.tolist())
        heads = Heads(tuple(recipe["heads"]), tuple(targets), _shapes(recipe, profile))
        link, floor = (recipe["uncertainty"][key] for key in ("link", "floor"))
        return cls(heads, recipe["loss"]["name"], link, floor, center, spread_of_targets)

    @property
    def _loss(self) -> ModuleType:
        return load("loss", self.loss)


def _shapes(recipe: Mapping, profile: tuple[int, int] | None) -> dict[str, tuple[int, ...]]:
    """Return the trailing axes of the heads of a recipe that have some."""
    shapes = dict(recipe.get("head_shapes", {}))
    if profile is None or not any(head in OF_PROFILES for head in recipe["heads"]):
        return shapes
    (strands, positions), bins = profile, recipe["profile_bins"]
    if positions % bins:
        raise DeguError(
            f"{positions} positions are to be divided into {bins} bins",
            where="recipe: profile_bins",
            expected=f"a number that divides {positions}",
        )
    known = {head: (strands, positions if head == "profile" else bins) for head in OF_PROFILES}
    return {**{head: known[head] for head in recipe["heads"] if head in known}, **shapes}
