"""The function that a training minimises: a recipe's loss, over named targets and heads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from keras import KerasTensor, ops

from degu.config.declarations import loss_declaration, loss_options
from degu.config.plugins import load
from degu.errors import DeguError
from degu.losses import mean_squared_error
from degu.outputs.outputs import Outputs


@dataclass(frozen=True)
class Layout:
    """Where each named array stands in a row of packed targets.

    Attributes
    ----------
    members
        By name, the number of members M of an array of shape (n, M, T), or 0 for one of shape (n, T).
    targets
        T.
    """

    members: dict[str, int]
    targets: int

    @classmethod
    def of(cls, arrays: Mapping[str, np.ndarray]) -> "Layout":
        """Return the layout of some named arrays."""
        members = {name: values.shape[1] if values.ndim == 3 else 0 for name, values in arrays.items()}
        return cls(members, next(iter(arrays.values())).shape[-1])

    def pack(self, arrays: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return named arrays side by side, float32 (n, K)."""
        parts = [np.asarray(arrays[name], dtype=np.float32) for name in self.members]
        return np.concatenate([part.reshape(len(part), -1) for part in parts], axis=1)

    def unpack(self, packed: KerasTensor) -> dict[str, KerasTensor]:
        """Return the named arrays, (B, T) or (B, M, T), of a packed batch, (B, K)."""
        arrays, start = {}, 0
        for name, members in self.members.items():
            stop = start + max(members, 1) * self.targets
            part = packed[:, start:stop]
            arrays[name] = ops.reshape(part, (-1, members, self.targets)) if members else part
            start = stop
        return arrays


def build_objective(
    recipe: Mapping, outputs: Outputs, layout: Layout, weights: Mapping[str, np.ndarray]
) -> Callable[[KerasTensor, KerasTensor], KerasTensor]:
    """Return the loss that Keras is given: of packed targets (B, K) and outputs (B, P * T), one value a sample, (B,).

    A loss that declares `HEADS` is one term over those heads together, in scaled units; every other head of the recipe
    adds its weighted squared error, on the scale of its link. A loss without `HEADS` compares each head with its
    target on the scale of its link, and the mean over heads is taken, as published.

    Parameters
    ----------
    recipe
        Resolved settings of a teacher or student.
    outputs
        What the model puts out.
    layout
        Of the packed targets.
    weights
        Of the heads that are compared with their targets, (T,) each.

    Raises
    ------
    DeguError
        When it is called, if a loss gives anything else than one value a sample and target.
    """
    name = recipe["loss"]["name"]
    module = load("loss", name)
    options = loss_options(recipe)
    together = loss_declaration(name).heads
    single = [head for head in outputs.heads.heads if head not in together]
    compare = mean_squared_error.loss if together else module.loss

    def objective(y_true: KerasTensor, y_pred: KerasTensor) -> KerasTensor:
        true, parameters = layout.unpack(y_true), outputs.split(y_pred)
        # Batch sizes are unknown while Keras traces the loss, and compare as such.
        shape = (y_pred.shape[0], layout.targets)
        terms = []
        if together:
            predicted = parameters if outputs.own_parameters else outputs.to_heads(parameters)
            terms.append(_checked(module.loss(true, predicted, **options), shape, name))
        for head in single:
            error = compare(outputs.to_link(head, true[head]), parameters[head])
            terms.append(_checked(error, shape, name) * ops.cast(weights[head], error.dtype))
        total = sum(terms) if together else sum(terms) / len(terms)
        return ops.mean(total, axis=-1)

    return objective


def head_weights(recipe: Mapping, outputs: Outputs, targets: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the weight, (T,), of each head that is compared with its target.

    `inverse_variance` divides each head's error by the variance of its training targets, so that every head counts
    alike however small its scale.
    """
    setting = recipe["head_weights"]
    weights = {}
    for head in outputs.heads.heads:
        if setting == "inverse_variance" and head in targets:
            values = ops.convert_to_numpy(outputs.to_link(head, targets[head].astype(np.float32)))
            weights[head] = 1 / np.maximum(values.var(axis=0, dtype=np.float64), 1e-12)
        else:
            weight = setting.get(head, 1.0) if isinstance(setting, Mapping) else 1.0
            weights[head] = np.full(len(outputs.heads.targets), weight)
    return weights


def _checked(values: KerasTensor, shape: tuple, name: str) -> KerasTensor:
    """Return a loss's values if they are one a sample and target.

    Arrays of shape (B,) and (B, 1) broadcast to (B, B) without an error: the defect of the published heteroscedastic
    ResidualBind.
    """
    if tuple(values.shape) != shape:
        found = tuple(values.shape)
        raise DeguError(f"the loss '{name}' has shape {found}", expected="one value a sample and target, (B, T)")
    return values
