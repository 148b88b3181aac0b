"""The function that a training minimises: a recipe's loss, over named targets and heads."""

from collections.abc import Callable, Mapping

import numpy as np
from keras import KerasTensor, ops

from degu.config.declarations import loss_declaration, loss_options
from degu.config.plugins import load
from degu.errors import DeguError
from degu.outputs.outputs import Outputs
from degu.outputs.packing import TargetPacking

Objective = Callable[[KerasTensor, KerasTensor], KerasTensor]


def check_targets(recipe: Mapping, outputs: Outputs, targets: Mapping[str, np.ndarray]) -> None:
    """Check the named target arrays of a training, in the units of the data, as the recipe's loss wants them.

    Raises
    ------
    DeguError
        If the loss has a function `check`, and that refuses them.
    """
    check = getattr(load("loss", recipe["loss"]["name"]), "check", None)
    if check is not None:
        check(targets, outputs)


def build_objective(recipe: Mapping, packing: TargetPacking) -> Objective:
    """Return the loss that Keras is given: a function of packed targets (B, K) and outputs (B, P), with values (B,).

    A loss that declares `HEADS` is one term over those heads together, in scaled units; every other head of the recipe
    adds its weighted squared error, on the scale of its link. A loss without `HEADS` compares each head with its
    target on the scale of its link, and the mean over heads is taken, as published. The error of a head with trailing
    axes is the mean over them.

    Parameters
    ----------
    recipe
        Resolved settings of a teacher or student.
    packing
        How targets are packed and weighted.

    Raises
    ------
    DeguError
        When the function is called, if a loss does not give one value a sample and target.
    """
    name = recipe["loss"]["name"]
    loss, options = load("loss", name).loss, loss_options(recipe)
    together = loss_declaration(name).heads
    compare = load("loss", "mean_squared_error").loss if together else loss
    outputs = packing.outputs
    single = [head for head in outputs.heads.heads if head not in together]

    def objective(y_true: KerasTensor, y_pred: KerasTensor) -> KerasTensor:
        true, parameters = packing.unpack(y_true), outputs.split(y_pred)
        # Batch sizes are unknown while Keras traces the loss, and compare as such.
        shape = (y_pred.shape[0], len(outputs.heads.targets))
        terms = []
        if together:
            predicted = parameters if outputs.own_parameters else outputs.to_heads(parameters)
            terms.append(_checked(loss(true, predicted, **options), shape, name))
        for head in single:
            error = compare(outputs.to_link(head, true[head]), parameters[head])
            if axes := outputs.heads.shape(head):
                error = ops.mean(_checked(error, (*shape, *axes), name), axis=tuple(range(2, 2 + len(axes))))
            terms.append(_checked(error, shape, name) * ops.cast(packing.weights[head], error.dtype))
        total = sum(terms) if together else sum(terms) / len(terms)
        return ops.mean(total, axis=-1)

    return objective


def _checked(values: KerasTensor, shape: tuple[int | None, ...], name: str) -> KerasTensor:
    """Return a loss's values if they have the shape that they should have.

    Arrays of shape (B,) and (B, 1) broadcast to (B, B) without an error. That is the defect of the published
    heteroscedastic ResidualBind.
    """
    if tuple(values.shape) != shape:
        found = tuple(values.shape)
        expected = "one value a sample and target, (B, T)" + ("" if len(shape) == 2 else ", and a head's trailing axes")
        raise DeguError(f"the loss '{name}' has shape {found}", expected=expected)
    return values
