"""Keras's optimisers and their arguments, which are checked without importing Keras.

Left out are only `name` and muon's `exclude_layers`, which names layers.
"""

from collections.abc import Mapping

from degu.config.values import check_within, read_as
from degu.errors import DeguError, did_you_mean

_Range = dict[str, float]
_ANY: _Range = {}
_PART: _Range = {"at_least": 0, "below": 1}
_FACTOR: _Range = {"at_least": 0, "at_most": 1}
_SMALL: _Range = {"at_least": 0}
_POSITIVE: _Range = {"above": 0}
# These arguments are true or false.
SWITCHES = ("use_ema", "amsgrad", "relative_step", "exclude_embeddings", "nesterov", "centered")
# The ranges of the others, which are numbers. Null turns these off.
OPTIONAL: dict[str, _Range] = {
    "weight_decay": _SMALL,
    "clipnorm": _POSITIVE,
    "clipvalue": _POSITIVE,
    "global_clipnorm": _POSITIVE,
    "ema_overwrite_frequency": {"at_least": 1},
    "loss_scale_factor": _POSITIVE,
    "gradient_accumulation_steps": {"at_least": 2},
}
_SHARED: dict[str, _Range] = {**OPTIONAL, "use_ema": _ANY, "ema_momentum": _FACTOR}
_ADAM: dict[str, _Range] = {"beta_1": _PART, "beta_2": _PART, "epsilon": _SMALL}
# What each optimiser takes beside `learning_rate` and what all of them share.
OWN: dict[str, dict[str, _Range]] = {
    "adadelta": {"rho": _PART, "epsilon": _SMALL},
    "adafactor": {
        "beta_2_decay": _ANY,
        "epsilon_1": _SMALL,
        "epsilon_2": _SMALL,
        "clip_threshold": _POSITIVE,
        "relative_step": _ANY,
    },
    "adagrad": {"initial_accumulator_value": _SMALL, "epsilon": _SMALL},
    "adam": {**_ADAM, "amsgrad": _ANY},
    "adamax": _ADAM,
    "adamw": {**_ADAM, "amsgrad": _ANY},
    "ftrl": {
        "learning_rate_power": {"at_most": 0},
        "initial_accumulator_value": _SMALL,
        "l1_regularization_strength": _SMALL,
        "l2_regularization_strength": _SMALL,
        "l2_shrinkage_regularization_strength": _SMALL,
        "beta": _ANY,
    },
    "lion": {"beta_1": _PART, "beta_2": _PART},
    "muon": {
        "adam_beta_1": _PART,
        "adam_beta_2": _PART,
        "adam_weight_decay": _SMALL,
        "epsilon": _SMALL,
        "exclude_embeddings": _ANY,
        "muon_a": _ANY,
        "muon_b": _ANY,
        "muon_c": _ANY,
        "adam_lr_ratio": _SMALL,
        "momentum": _PART,
        "ns_steps": {"at_least": 1},
        "nesterov": _ANY,
        "rms_rate": _SMALL,
    },
    "nadam": _ADAM,
    "rmsprop": {"rho": _PART, "momentum": _PART, "epsilon": _SMALL, "centered": _ANY},
    "sgd": {"momentum": _FACTOR, "nesterov": _ANY},
}


def arguments_of(name: str) -> dict[str, dict[str, float]]:
    """Return the range of each argument of an optimiser, but for its learning rate."""
    return _SHARED | OWN[name]


def check_optimizer(settings: Mapping, where: str) -> dict:
    """Check the arguments of an optimiser, and return its settings, in which text is read as a number where it is one.

    Parameters
    ----------
    settings
        The settings: `name`, `learning_rate` and further arguments of the optimiser.
    where
        The file and the key of the settings, for error messages.

    Raises
    ------
    DeguError
        If the optimiser does not take an argument, or if one has the wrong type or is out of range.
    """
    known = arguments_of(settings["name"])
    checked = {key: settings[key] for key in ("name", "learning_rate")}
    for key in (key for key in settings if key not in checked):
        if key not in known:
            raise DeguError(
                f"the optimizer '{settings['name']}' has no argument '{key}'",
                where=where,
                expected=did_you_mean(str(key), [*checked, *known]),
            )
        kind = "boolean" if key in SWITCHES else "number"
        kinds = [kind, "null"] if key in OPTIONAL else [kind]
        value = read_as(settings[key], kinds)
        right = value is None and key in OPTIONAL
        if not right and (not isinstance(value, bool | int | float) or isinstance(value, bool) != (key in SWITCHES)):
            words = " or ".join({"boolean": "true or false", "number": "a number"}.get(word, word) for word in kinds)
            raise DeguError(f"{value!r} is not {words}", where=f"{where}.{key}", expected=words)
        check_within(value, known[key], where=f"{where}.{key}")
        checked[key] = value
    return checked
