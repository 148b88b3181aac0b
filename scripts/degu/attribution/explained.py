"""What is explained: one head of one target, as a function of one-hot sequences."""

from dataclasses import dataclass, replace

import keras
from keras import KerasTensor, ops

from degu.errors import DeguError, did_you_mean
from degu.outputs.heads import UNCERTAINTIES
from degu.outputs.outputs import Outputs

# Of a variance: below it a root has no slope to speak of.
_SMALLEST_VARIANCE = 1e-12


@dataclass(frozen=True)
class Explained:
    """A head of a model, in the units of the data.

    Attributes
    ----------
    model
        Takes one-hot sequences, (B, L, 4); puts out parameters, (B, P * T), as `outputs` says.
    outputs
        How heads follow from the parameters.
    head
        `mean`, `aleatoric`, `epistemic`, or `total`: the root of the sum of the predicted variances.
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
        """Return the head's value, (B,), of one-hot sequences, (B, L, 4)."""
        return self.of_parameters(self.parameters(inputs))

    def parameters(self, inputs: KerasTensor) -> KerasTensor:
        """Return the target's parameters, (B, P), of one-hot sequences, (B, L, 4)."""
        values = self.outputs.split(self.model(inputs, training=False))
        return ops.stack([value[:, self.target] for value in values.values()], axis=1)

    def of_parameters(self, parameters: KerasTensor) -> KerasTensor:
        """Return the head's value, (B,), of the target's parameters, (B, P)."""
        named = {name: parameters[:, index] for index, name in enumerate(self.outputs.parameters)}
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
    """Return the names of the heads that a model's outputs can be explained by."""
    heads = list(outputs.heads.heads)
    return [*heads, "total"] if set(heads) & set(UNCERTAINTIES) else heads
