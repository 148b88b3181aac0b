"""How fast a model learns, and how long: the optimiser, its learning rate over time, and early stopping."""

from collections.abc import Mapping

import keras

from degu.config.plugins import without_name
from degu.errors import DeguError


def build_optimizer(recipe: Mapping, steps: int) -> keras.Optimizer:
    """Return the optimiser that a recipe asks for.

    Parameters
    ----------
    recipe
        Resolved settings of a teacher or student.
    steps
        Number of training steps in an epoch, which a learning rate that follows a curve depends on.

    Raises
    ------
    DeguError
        If the optimiser does not take an argument.
    """
    settings = without_name(recipe["optimizer"])
    schedule = recipe["learning_rate_schedule"]
    if schedule["name"] == "cosine":
        settings["learning_rate"] = _cosine(settings["learning_rate"], steps * recipe["epochs"], schedule["warm_up"])
    try:
        return keras.optimizers.get({"class_name": recipe["optimizer"]["name"], "config": settings})
    except (TypeError, ValueError) as error:
        raise DeguError(
            f"Keras refuses the arguments of '{recipe['optimizer']['name']}': {error}",
            where="recipe: optimizer",
            remedy="correct `optimizer` in the recipe of the teacher or student",
        ) from error


def build_callbacks(recipe: Mapping, steps: int) -> dict[str, keras.callbacks.Callback]:
    """Return `stopping`, which ends a training early, and `plateau` where the learning rate waits for it.

    Parameters
    ----------
    recipe, steps
        As `build_optimizer` takes them.
    """
    monitored, stopping = recipe["monitor"], recipe["early_stopping"]
    watched = {"monitor": f"val_{monitored}", "mode": "min" if monitored == "loss" else "max"}
    patience = max(stopping["patience"], -(-stopping["minimum_steps"] // steps))
    callbacks = {"stopping": keras.callbacks.EarlyStopping(**watched, patience=patience, restore_best_weights=True)}
    if recipe["learning_rate_schedule"]["name"] == "reduce_on_plateau":
        plateau = recipe["reduce_learning_rate"]
        callbacks["plateau"] = keras.callbacks.ReduceLROnPlateau(
            **watched, factor=plateau["factor"], patience=plateau["patience"], min_lr=plateau["minimum"]
        )
    return callbacks


def _cosine(highest: float, steps: int, warm_up: float) -> keras.optimizers.schedules.LearningRateSchedule:
    """Return a learning rate that rises in a line from 0 if it warms up, and then falls by half a cosine to 0."""
    rising = round(warm_up * steps)
    if not rising:
        return keras.optimizers.schedules.CosineDecay(highest, steps)
    return keras.optimizers.schedules.CosineDecay(0.0, steps - rising, warmup_target=highest, warmup_steps=rising)
