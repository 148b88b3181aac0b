"""Outputs with profiles, and what networks at base resolution compute, in NumPy, for several tests."""

from dataclasses import dataclass

import numpy as np
from keras import layers, ops

from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs


def profile_outputs(positions: int, *, strands: int = 1, targets: int = 1, bins: int = 0, **options) -> Outputs:
    """Return outputs with a mean, a profile and, where there are bins, the epistemic std of each."""
    shapes = {"profile": (strands, positions)} | ({"epistemic": (strands, bins)} if bins else {})
    names = tuple(f"track{number}" for number in range(targets))
    return Outputs(Heads(("mean", *shapes), names, shapes), **options)


@dataclass(frozen=True)
class LogitOutputs(Outputs):
    """Outputs whose profile is put out as logits, before the other parameters, as a multinomial loss has it."""

    @property
    def parameters(self) -> dict[str, str]:
        others = {name: activation for name, activation in super().parameters.items() if name != "profile"}
        return {"profile_logits": "linear"} | others

    def shape(self, parameter: str) -> tuple[int, ...]:
        return super().shape("profile" if parameter == "profile_logits" else parameter)


def logit_outputs(positions: int, **options) -> LogitOutputs:
    """Return outputs with the logits of a profile, a mean and what else `profile_outputs` has."""
    given = profile_outputs(positions, **options)
    return LogitOutputs(given.heads, given.loss, given.link, given.floor, given.center, given.spread)


def random_sequences(number: int, length: int, seed: int = 1) -> np.ndarray:
    return np.eye(4, dtype=np.float32)[np.random.default_rng(seed).integers(0, 4, (number, length))]


def convolved(x: np.ndarray, layer: layers.Conv1D) -> np.ndarray:
    """Return what an unpadded convolution makes of features, (L, C), before its activation, by its definition."""
    kernel, bias = (ops.convert_to_numpy(weights) for weights in (layer.kernel, layer.bias))
    (dilation,) = layer.dilation_rate
    positions = len(x) - (len(kernel) - 1) * dilation
    values = [[x[p + tap * dilation] @ kernel[tap] for tap in range(len(kernel))] for p in range(positions)]
    return np.sum(values, axis=1) + bias


def randomise(model, seed: int = 2) -> None:
    """Give all weights of a model random values, biases too; variances are above zero."""
    rng = np.random.default_rng(seed)
    for weights in model.weights:
        values = rng.normal(0, 0.3, weights.shape)
        weights.assign(np.abs(values) + 0.1 if weights.name == "moving_variance" else values)


def split(outputs: Outputs, values) -> dict[str, np.ndarray]:
    """Return each parameter, (B, T) and its trailing axes, of a model's output."""
    return {name: ops.convert_to_numpy(part) for name, part in outputs.split(values).items()}
