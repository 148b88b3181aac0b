"""How fast a model learns, and how long: the optimiser, its learning rate over time, and early stopping."""

from collections.abc import Mapping
from math import pi

import keras

from degu.config.plugins import without_name
from degu.errors import DeguError

# The learning rate of one cycle begins at the highest one over the first number, and ends at that over the second.
_DIVISOR, _FINAL_DIVISOR = 25, 10_000


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
    if curve := _CURVES.get(schedule["name"]):
        settings["learning_rate"] = curve(settings["learning_rate"], steps * recipe["epochs"], schedule["warm_up"])
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


class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """The one-cycle schedule (Smith and Topin 2018), as PyTorch's `OneCycleLR` has it by default.

    The learning rate rises by half a cosine from 1/25 of the highest one, and falls by half a cosine to 1/250,000 of
    it at the last step. PyTorch lets Adam's momentum fall and rise in turn; here it stays as it is.

    Parameters
    ----------
    highest
        The highest learning rate.
    steps
        Number of training steps in all.
    warm_up
        The part of the steps in which it rises, above 0 and below 1.
    """

    def __init__(self, highest: float, steps: int, warm_up: float) -> None:
        self._highest, self._steps, self._warm_up = highest, steps, warm_up

    def __call__(self, step: keras.KerasTensor) -> keras.KerasTensor:
        """Return the learning rate of a step, counted from 0."""
        top, last = self._warm_up * self._steps - 1, self._steps - 1
        step = keras.ops.cast(step, "float32")
        first, lowest = self._highest / _DIVISOR, self._highest / _DIVISOR / _FINAL_DIVISOR
        rising = _half_cosine(first, self._highest, step / max(top, 1))
        falling = _half_cosine(self._highest, lowest, (step - top) / max(last - top, 1))
        return keras.ops.where(step <= top, rising, falling)

    def get_config(self) -> dict:
        """Return the arguments."""
        return {"highest": self._highest, "steps": self._steps, "warm_up": self._warm_up}


def _half_cosine(start: float, end: float, part: keras.KerasTensor) -> keras.KerasTensor:
    """Return the value at a part, 0 to 1, of the way from the start to the end."""
    return end + (start - end) / 2 * (1 + keras.ops.cos(pi * keras.ops.clip(part, 0.0, 1.0)))


# The schedules that are known before training begins, by their names in a recipe.
_CURVES = {"cosine": _cosine, "one_cycle": OneCycle}
