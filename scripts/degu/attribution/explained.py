"""The explained quantity: one head of one target, as a function of one-hot sequences.

The head `profile` is explained as BPNet and ChromBPNet explain theirs (github.com/kundajelab/chrombpnet at be0fe06,
`evaluation/interpret/shap_utils.py`). With the logits z_i of the S * P strands and positions, and the probabilities
p_i of the sequence that is explained, it is

    sum_i p_i (z_i - mean_j z_j)

where the probabilities count as constants. It is large where the network puts the counts in few places, and what
changes it is what tells these places from all others. One distribution spans both strands.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import prod

import keras
from keras import KerasTensor, ops

from degu.errors import DeguError, did_you_mean
from degu.models.layers.bias import LOGITS
from degu.outputs.heads import PROFILE, UNCERTAINTIES
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
        sum of the predicted variances; or `profile`.
    target
        Index of the target.

    Raises
    ------
    DeguError
        If the model has no such head, or if it cannot be explained.
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
        """Return the head's value, (B,), for one-hot sequences, (B, L, 4), each of which is explained itself."""
        return self.of_parameters(self.parameters(inputs))

    def about(self, sequences: KerasTensor) -> Callable[[KerasTensor], KerasTensor]:
        """Return the head as a function of points about sequences that are explained.

        Parameters
        ----------
        sequences
            One-hot sequences, (n, L, 4).

        Returns
        -------
        Function of points, (n * K, L, 4), the K points of each sequence one after the other, that returns the head's
        values, (n * K,). A profile has the probabilities of the sequence that a point belongs to.
        """
        if self.head != PROFILE:
            return self
        explained, number = self.parameters(sequences), sequences.shape[0]

        def of_points(points: KerasTensor) -> KerasTensor:
            own = ops.repeat(explained, points.shape[0] // number, axis=0)
            return self.of_parameters(self.parameters(points), own)

        return of_points

    @property
    def size(self) -> int:
        """The number P of values that the head is made from."""
        outputs = self.outputs
        return prod(outputs.shape(LOGITS)[1:]) if self.head == PROFILE else len(outputs.scalar_parameters)

    def parameters(self, inputs: KerasTensor) -> KerasTensor:
        """Return what the head is made from, (B, P), for one-hot sequences, (B, L, 4).

        They are the target's parameters that have one value, or of a profile the logits of its strands and positions.
        """
        values = self.outputs.split(self.model(inputs, training=False))
        if self.head == PROFILE:
            return ops.reshape(values[LOGITS][:, self.target], (-1, self.size))
        return ops.stack([values[name][:, self.target] for name in self.outputs.scalar_parameters], axis=1)

    def of_parameters(self, parameters: KerasTensor, explained: KerasTensor | None = None) -> KerasTensor:
        """Return the head's value, (B,), from what it is made from.

        Parameters
        ----------
        parameters
            What `parameters` returned for points, (B, P).
        explained
            The same for the sequences that are explained, (B, P) or (1, P), whose probabilities a profile has; those of
            the points themselves without it. Other heads do not depend on it.
        """
        if self.head == PROFILE:
            return ops.sum(self.weights(parameters if explained is None else explained) * parameters, axis=1)
        known = {name: parameters[:, index : index + 1] for index, name in enumerate(self.outputs.scalar_parameters)}
        heads = _heads_of_scalars(self.outputs, known)
        spread, center = self.outputs.spread[self.target], self.outputs.center[self.target]
        if self.head == "total":
            variance = sum(ops.square(ops.maximum(heads[kind], 0.0)) for kind in UNCERTAINTIES if kind in heads)
            return spread * ops.sqrt(ops.maximum(variance, _SMALLEST_VARIANCE))[:, 0]
        return spread * heads[self.head][:, 0] + (center if self.head == "mean" else 0.0)

    def weights(self, explained: KerasTensor) -> KerasTensor:
        """Return the weight of each logit in the value of a profile, (B, P): p_i - 1 / P, as constants.

        Parameters
        ----------
        explained
            Logits of the sequences that are explained, (B, P).
        """
        return ops.stop_gradient(ops.softmax(explained, axis=1) - 1 / explained.shape[1])

    def through(self, model: keras.Model) -> "Explained":
        """Return the same head of another model."""
        return replace(self, model=model)


def explainable_heads(outputs: Outputs) -> list[str]:
    """Return the names of the heads of a model that can be explained.

    They are those that follow from parameters with one value a target, and a profile that is made from logits.
    """
    plain = [head for head in outputs.heads.heads if not outputs.heads.shape(head)]
    found = _heads_of_scalars(outputs, {name: ops.ones((1, 1)) for name in outputs.scalar_parameters})
    heads = [head for head in plain if head in found and not bool(ops.any(ops.isnan(found[head])))]
    total = ["total"] if set(heads) & set(UNCERTAINTIES) else []
    profile = [PROFILE] if PROFILE in outputs.heads.heads and LOGITS in outputs.parameters else []
    return [*heads, *total, *profile]


def _heads_of_scalars(outputs: Outputs, known: dict[str, KerasTensor]) -> dict[str, KerasTensor]:
    """Return the heads, in scaled units, of the parameters that have one value a target, (B, 1) each.

    All other parameters are not a number, and so are the heads that depend on them.
    """
    shapes = {name: outputs.shape(name) for name in outputs.parameters if name not in known}
    unknown = {name: ops.full((1,) * (1 + len(shape)), float("nan")) for name, shape in shapes.items()}
    return outputs.to_heads(known | unknown)
