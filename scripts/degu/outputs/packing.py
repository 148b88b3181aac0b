"""The targets of a training: scaled, packed side by side, weighted, and what output layers begin with."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

import numpy as np
from keras import KerasTensor, ops

from degu.outputs.outputs import Outputs

# The named arrays that a parameter's layer may begin at, the first that there is; by default the array of its own name.
_BEGINNINGS = {
    "mean": ("mean", "measured", "member_mean"),
    "lower": ("measured",),
    "upper": ("measured",),
    "log_count": ("profile",),
}
_SMALLEST_VARIANCE = 1e-12


@dataclass(frozen=True)
class TargetPacking:
    """How the named target arrays of one training (see `degu.distillation.targets`) reach its loss.

    Keras takes one array of targets, so they are packed into rows of K numbers: for each array in order, its values in
    scaled units.

    Attributes
    ----------
    outputs
        The parameters that the model puts out.
    shapes
        Shape of one row of each array, by name: (T,) and a head's trailing axes; where each of M members has a value,
        M comes first.
    weights
        Weight of each head's error, (T,), by head. The weight of a head that the loss takes together with others is not
        used.
    biases
        Values, flat, that the bias of each output layer begins with, by parameter; empty if all begin at zero.
    """

    outputs: Outputs
    shapes: dict[str, tuple[int, ...]]
    weights: dict[str, np.ndarray]
    biases: dict[str, np.ndarray]

    @classmethod
    def of_recipe(cls, recipe: Mapping, outputs: Outputs, targets: Mapping[str, np.ndarray]) -> "TargetPacking":
        """Return the packing that a recipe asks for.

        Parameters
        ----------
        recipe
            Resolved settings of a teacher or student.
        outputs
            The parameters that the model puts out.
        targets
            The named arrays of the training rows, in the units of the data.
        """
        scaled = {name: outputs.scale(name, values) for name, values in targets.items()}
        shapes = {name: values.shape[1:] for name, values in scaled.items()}
        biases = start_values(outputs, scaled) if recipe["output_bias"] == "targets" else {}
        return cls(outputs, shapes, head_weights(recipe["head_weights"], outputs, scaled), biases)

    def pack(self, targets: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return named arrays, in the units of the data, as float32 (n, K) in scaled units."""
        parts = [np.asarray(self.outputs.scale(name, targets[name]), dtype=np.float32) for name in self.shapes]
        return np.concatenate([part.reshape(len(part), -1) for part in parts], axis=1)

    def unpack(self, packed: KerasTensor) -> dict[str, KerasTensor]:
        """Return the named arrays, (B, ...), in scaled units, of a packed batch, (B, K)."""
        arrays, start = {}, 0
        for name, shape in self.shapes.items():
            part = packed[:, start : start + prod(shape)]
            arrays[name] = part if len(shape) == 1 else ops.reshape(part, (-1, *shape))
            start += prod(shape)
        return arrays


def head_weights(
    setting: str | Mapping[str, float], outputs: Outputs, scaled: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Return the weight, (T,), of each head's error.

    Parameters
    ----------
    setting
        `equal`; or `inverse_variance`, which divides each head's error by the variance of its training targets, so
        that every head counts alike however small its scale; or `median_count`, which multiplies the error of the head
        `mean`, in the units of the data, by a tenth of the median count, as ChromBPNet does, where the mean is
        log(1 + counts), and that of every other head so that it counts as much, relative to its variance; or weights by
        head, 1 where there is none. ChromBPNet takes the median over the training and the validation regions, and here
        it is that of the training rows.
    outputs
        The parameters that the model puts out.
    scaled
        The named arrays of the training rows, in scaled units.
    """
    weights = {}
    for head in outputs.heads.heads:
        weights[head] = np.ones(len(outputs.heads.targets))
        if isinstance(setting, Mapping):
            weights[head] *= setting.get(head, 1.0)
        elif setting != "equal" and head in scaled:
            weights[head] /= _variance(head, outputs, scaled)
            # A loss that makes the mean itself weighs it, too.
            if setting == "median_count" and "mean" in scaled:
                counts = np.expm1(outputs.unscale("mean", scaled["mean"]).astype(np.float64))
                of_mean = np.median(counts, axis=0) / 10 * np.square(outputs.spread)
                weights[head] *= of_mean * _variance("mean", outputs, scaled)
    return weights


def _variance(head: str, outputs: Outputs, scaled: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the variance, (T,), of the training targets of a head on the scale of its link."""
    values = ops.convert_to_numpy(outputs.to_link(head, scaled[head].astype(np.float32)))
    return np.maximum(values.var(axis=(0, *range(2, values.ndim)), dtype=np.float64), _SMALLEST_VARIANCE)


def start_values(outputs: Outputs, scaled: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return, by parameter, the mean of its training targets on the scale of its link, flat.

    A parameter without a target is left out.

    Parameters
    ----------
    outputs
        The parameters that the model puts out.
    scaled
        The named arrays of the training rows, in scaled units.
    """
    starts = {}
    for name, activation in outputs.parameters.items():
        source = next((array for array in _BEGINNINGS.get(name, (name,)) if array in scaled), None)
        if source is None:
            continue
        values = scaled[source]
        if name == "log_count":
            # The mean is log(1 + N) of the counts N of a profile.
            values = np.log1p(values.sum(axis=(-2, -1)))
        mean = values.reshape(-1, *outputs.shape(name)).mean(axis=0)
        start = ops.convert_to_numpy(outputs.to_link(name, mean))
        # The mean of counts is the softplus of their logarithm, log(1 + exp(z)).
        if activation == "softplus" or name == "log_count":
            start = np.log(np.expm1(np.maximum(start, outputs.floor)))
        starts[name] = np.ravel(start)
    return starts
