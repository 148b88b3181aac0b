"""What a model puts out, and how its heads follow from that.

A model has one output array of shape (B, P * T): for each parameter in order, each target in order. The parameters are
the heads themselves, uncertainties through a link, unless the loss has parameters of its own (as the
normal-inverse-gamma has). All of it is in scaled units: activity y stands for (y - center) / spread.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
from keras import KerasTensor, ops

from degu.config.plugins import load
from degu.errors import DeguError
from degu.outputs.heads import UNCERTAINTIES, Heads

# The activation of an uncertainty's layer under each link.
LINKS = {"identity": "linear", "softplus": "softplus", "log_variance": "linear"}


@dataclass(frozen=True)
class Outputs:
    """The outputs of one model.

    Attributes
    ----------
    heads
        What is predicted.
    loss
        Module of `degu.losses`; if it declares `PARAMETERS`, those are what the model puts out.
    link
        How uncertainties are put out: `identity` (as published), `softplus` or `log_variance`.
    floor
        Smallest standard deviation, in scaled units: added to a softplus, and the least of which a logarithm is taken.
    center, spread
        Of each target: activity y stands for (y - center) / spread, a standard deviation s for s / spread.
    """

    heads: Heads
    loss: str = "mean_squared_error"
    link: str = "identity"
    floor: float = 1e-4
    center: tuple[float, ...] = ()
    spread: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if self.link not in LINKS:
            raise DeguError(f"unknown link '{self.link}'", where="uncertainty.link", expected=", ".join(LINKS))
        targets = len(self.heads.targets)
        object.__setattr__(self, "center", tuple(self.center) or (0.0,) * targets)
        object.__setattr__(self, "spread", tuple(self.spread) or (1.0,) * targets)

    @property
    def own_parameters(self) -> dict[str, str]:
        """Name and activation of the parameters that the loss brings; empty if it works on heads."""
        return getattr(self._module, "PARAMETERS", {})

    @property
    def parameters(self) -> dict[str, str]:
        """Name and activation of each parameter that the model puts out."""
        own = self.own_parameters
        covered = self._module.HEADS if own else ()
        activations = {head: LINKS[self.link] if head in UNCERTAINTIES else "linear" for head in self.heads.heads}
        return own | {head: activation for head, activation in activations.items() if head not in covered}

    def split(self, values: KerasTensor) -> dict[str, KerasTensor]:
        """Return each parameter, (B, T), of the model's output, (B, P * T)."""
        count = len(self.heads.targets)
        return {name: values[..., index * count : (index + 1) * count] for index, name in enumerate(self.parameters)}

    def to_link(self, head: str, values: KerasTensor) -> KerasTensor:
        """Return a head's values as the model is to put them out."""
        if head in UNCERTAINTIES and self.link == "log_variance":
            return 2 * ops.log(ops.maximum(values, self.floor))
        if head in UNCERTAINTIES and self.link == "softplus":
            return ops.maximum(values - self.floor, 0.0)
        return values

    def from_link(self, head: str, values: KerasTensor) -> KerasTensor:
        """Return what the model puts out for a head as a mean or standard deviation."""
        if head in UNCERTAINTIES and self.link == "log_variance":
            return ops.exp(0.5 * values)
        if head in UNCERTAINTIES and self.link == "softplus":
            return values + self.floor
        return values

    def to_heads(self, parameters: Mapping[str, KerasTensor]) -> dict[str, KerasTensor]:
        """Return each head, (B, T), in scaled units, of the model's parameters."""
        own = self._module.heads(parameters) if self.own_parameters else {}
        return {head: own[head] if head in own else self.from_link(head, parameters[head]) for head in self.heads.heads}

    def predictions(self, values: np.ndarray) -> np.ndarray:
        """Return means and standard deviations, (N, H * T), in the units of the data, of a model's output."""
        heads = self.to_heads(self.split(ops.convert_to_tensor(values)))
        return np.concatenate(
            [self.unscale(head, ops.convert_to_numpy(part)) for head, part in heads.items()], axis=-1
        ).astype(np.float32)

    def scale(self, name: str, values: np.ndarray) -> np.ndarray:
        """Return a target's values, (..., T), in scaled units; `name` is one of `degu.distillation.targets`."""
        center = 0.0 if name.removeprefix("member_") in UNCERTAINTIES else np.array(self.center, dtype=np.float32)
        return (values - center) / np.array(self.spread, dtype=np.float32)

    def unscale(self, head: str, values: np.ndarray) -> np.ndarray:
        """Return a head's values, (..., T), in the units of the data."""
        center = 0.0 if head in UNCERTAINTIES else np.array(self.center, dtype=np.float32)
        return values * np.array(self.spread, dtype=np.float32) + center

    def to_json(self) -> dict:
        """Return a mapping that `from_json` reads."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping) -> "Outputs":
        """Return the outputs that `to_json` wrote."""
        return cls(**{**values, "heads": Heads.from_json(values["heads"])})

    @classmethod
    def of_recipe(cls, recipe: Mapping, activity: np.ndarray, targets: tuple[str, ...]) -> "Outputs":
        """Return the outputs that a recipe asks for; `activity`, (N, T), is that of the training rows."""
        scaling = {}
        if recipe["target_scaling"] == "standard":
            spread = activity.std(axis=0, dtype=np.float64)
            if not (spread > 0).all():
                raise DeguError("a target does not vary over the training rows", where="target_scaling: standard")
            scaling = {
                "center": tuple(activity.mean(axis=0, dtype=np.float64).tolist()),
                "spread": tuple(spread.tolist()),
            }
        heads = Heads(tuple(recipe["heads"]), tuple(targets))
        return cls(heads, loss=recipe["loss"]["name"], **recipe["uncertainty"], **scaling)

    @property
    def _module(self):
        return load("loss", self.loss)
