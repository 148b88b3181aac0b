"""Recipes that are laid over one another: a baseline over its teacher, and a student over its teacher."""

import copy
from collections.abc import Mapping, Sequence

from degu.config.merging import merge
from degu.config.plugins import constant, default_options, known_names

# These heads are the standard deviation over members of another head.
OVER_MEMBERS = {"epistemic": "mean", "profile_epistemic": "profile"}


def lay_over(recipe: Mapping, changes: Mapping) -> dict:
    """Return a recipe with changes laid over it.

    Mappings merge key by key, with a few exceptions. A model or loss with another name keeps no option of the old one,
    and an optimiser with another name only its learning rate. With another loss, `head_weights` and `monitor` return to
    their defaults, because they are chosen to suit a loss.
    """
    resolved = merge(recipe, changes)
    for key in ("model", "loss"):
        both = isinstance(changes.get(key), Mapping) and isinstance(recipe.get(key), Mapping)
        if both and changes[key].get("name", recipe[key].get("name")) != recipe[key].get("name"):
            resolved[key] = copy.deepcopy(dict(changes[key]))
    old, new = (part.get("optimizer") or {} for part in (recipe, changes))
    if new.get("name", old.get("name")) != old.get("name"):
        rate = {"learning_rate": old["learning_rate"]} if "learning_rate" in old else {}
        resolved["optimizer"] = rate | copy.deepcopy(dict(new))
    if resolved.get("loss") != recipe.get("loss"):
        defaults = {"head_weights": "equal", "monitor": "loss"}
        resolved |= {key: value for key, value in defaults.items() if key in recipe and key not in changes}
    return resolved


def is_student(recipe: Mapping) -> bool:
    """Return whether a complete recipe is that of a student, which alone says what it is validated on."""
    return "validation_targets" in recipe


def draws_windows(recipe: Mapping) -> bool:
    """Return whether a training with a complete recipe draws the windows of each batch anew from a genome."""
    return bool(recipe["windows"]["jitter"] or recipe["windows"]["reverse_complement"])


def has_only_negatives(recipe: Mapping) -> bool:
    """Return whether models are trained with a complete recipe on negatives alone."""
    return recipe["windows"]["rows"] == "negatives"


def student_recipe(teacher: Mapping, student: Mapping) -> dict:
    """Return the recipe of a student: what it does not set itself, it takes from the recipe of its teacher."""
    recipe = lay_over(teacher, student)
    recipe["model"] |= _more_detectors(recipe["model"], recipe.pop("detectors"), set(student.get("model") or {}))
    if recipe["heads"] == "teacher":
        own = [head for head in teacher["heads"] if head not in OVER_MEMBERS]
        recipe["heads"] = [*own, *(head for head, of in OVER_MEMBERS.items() if of in own)]
    # These keys are for the members of an ensemble alone.
    for key in ("resampling", "prediction", "bias"):
        recipe.pop(key, None)
    return recipe


def _more_detectors(model: Mapping, factor: float, own: set[str]) -> dict:
    """Return the option of the motif detectors, multiplied, of a student's model.

    It is empty if the architecture names no such option, or if it is one of those that the student sets itself.
    """
    if factor == 1 or model.get("name") not in known_names("model"):
        return {}
    option = constant("model", model["name"], "DETECTORS", "")
    if not option or option in own:
        return {}
    return {option: round(factor * model.get(option, default_options("model", model["name"])[option]))}


def baseline_names(teacher: str, baselines: Sequence[str]) -> list[str]:
    """Return the names under which baselines are looked up as teachers: `TEACHER-BASELINE`."""
    return [f"{teacher.partition('-')[0]}-{baseline}" for baseline in baselines]
