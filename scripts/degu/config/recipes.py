"""Recipes that are laid over one another: a baseline over its teacher, and a student over its teacher."""

import copy
from collections.abc import Mapping

from degu.config.schemas import merge


def lay_over(recipe: Mapping, changes: Mapping) -> dict:
    """Return a recipe with changes laid over it.

    Mappings merge key by key, with two exceptions. A model or loss with another name keeps no option of the old one.
    With another loss, `head_weights` and `monitor` return to their defaults, because they are chosen to suit a loss.
    """
    resolved = merge(recipe, changes)
    for key in ("model", "loss"):
        both = isinstance(changes.get(key), Mapping) and isinstance(recipe.get(key), Mapping)
        if both and changes[key].get("name", recipe[key].get("name")) != recipe[key].get("name"):
            resolved[key] = copy.deepcopy(dict(changes[key]))
    if resolved.get("loss") != recipe.get("loss"):
        defaults = {"head_weights": "equal", "monitor": "loss"}
        resolved |= {key: value for key, value in defaults.items() if key in recipe and key not in changes}
    return resolved


def student_recipe(teacher: Mapping, student: Mapping) -> dict:
    """Return the recipe of a student: what it does not set itself, it takes from the recipe of its teacher."""
    recipe = lay_over(teacher, student)
    if recipe["heads"] == "teacher":
        recipe["heads"] = [*(head for head in teacher["heads"] if head != "epistemic"), "epistemic"]
    # These keys are for the members of an ensemble alone.
    for key in ("resampling", "prediction", "kmer_ridge_weight"):
        del recipe[key]
    return recipe
