"""The explained quantity: one head of one target, as a function of one-hot sequences."""

from dataclasses import dataclass, replace

import keras
from keras import KerasTensor, ops

from degu.errors import DeguError, did_you_mean
from degu.outputs.heads import UNCERTAINTIES
from degu.outputs.outputs import Outputs

# A variance below this is raised to it, since the slope of the square root is infinite at 0.
_SMALLEST_VARIANCE = 1e-12


@dataclass(frozen=True)
class Explained:
    """Head of a model, in the units of the data.

    Attributes
    ----------
    model
        Model that takes one-hot sequences, (B, L, 4), and returns parameters, (B, P * T), as `outputs` describes.
    outputs
        Relation of the heads to the parameters.
    head
        Name of a head that has one value a target: `mean`, `aleatoric`, `epistemic`, or `total`, the square root of the
        sum of the predicted variances.
    target
        Index of the target.

    Raises
    ------
    DeguError
        If the model has no such head.
    """

    model: keras.Model
    outputs: Outputs
    head: str
    target: int = 0

    def __post_init__(self) -> None:
        heads = explainable_heads(self.outputs)
        if self.head not in heads:
            raise DeguError(f"the model has no head '{self.head}'", expected=did_you_mean(self.head, heads))

    def __call__(self, inputs: KerasTensor) -> KerasTensor:
        """Return the head's value, (B,), for one-hot sequences, (B, L, 4)."""
        return self.of_parameters(self.parameters(inputs))

    def parameters(self, inputs: KerasTensor) -> KerasTensor:
        """Return the target's parameters, (B, P), for one-hot sequences, (B, L, 4); those of profiles are left out."""
        values = self.outputs.split(self.model(inputs, training=False))
        return ops.stack([values[name][:, self.target] for name in self.outputs.scalar_parameters], axis=1)

    def of_parameters(self, parameters: KerasTensor) -> KerasTensor:
        """Return the head's value, (B,), from the target's parameters, (B, P)."""
        named = {name: parameters[:, index] for index, name in enumerate(self.outputs.scalar_parameters)}
        heads = self.outputs.to_heads(named)
        spread, center = self.outputs.spread[self.target], self.outputs.center[self.target]
        if self.head == "total":
            variance = sum(ops.square(ops.maximum(heads[kind], 0.0)) for kind in UNCERTAINTIES if kind in heads)
            return spread * ops.sqrt(ops.maximum(variance, _SMALLEST_VARIANCE))
        return spread * heads[self.head] + (center if self.head == "mean" else 0.0)

    def through(self, model: keras.Model) -> "Explained":
        """Return the same head of another model."""
        return replace(self, model=model)


def explainable_heads(outputs: Outputs) -> list[str]:
    """Return the names of the heads of a model that can be explained: those that follow from one value a target."""
    known = outputs.scalar_parameters
    own_known = all(name in known for name in outputs.own_parameters)
    plain = [head for head in outputs.heads.heads if not outputs.heads.shape(head)]
    heads = [head for head in plain if own_known or head in known]
    return [*heads, "total"] if set(heads) & set(UNCERTAINTIES) else heads
