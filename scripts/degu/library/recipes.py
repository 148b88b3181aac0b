"""The recipes of members and students: the recommended ones, changed as a person asks for."""

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from degu.config.check_augmentation import check_augmentation
from degu.config.check_pool import check_pool
from degu.config.check_recipe import check_teacher
from degu.config.check_student import check_student
from degu.config.recipes import lay_over, student_recipe
from degu.library.changes import check_changes

# Recipes of networks that a function builds are checked as if they named this architecture.
_STAND_IN = {"name": "motif_cnn"}


@cache
def _content() -> str:
    return resources.files("degu.library").joinpath("recipes.json").read_text(encoding="utf-8")


def recommended() -> dict[str, Any]:
    """Return the recommended recipes, as `degu.config.recommended.recommended` describes them."""
    return json.loads(_content())


def teacher_names() -> list[str]:
    """Return the names of the recommended recipes of members: without replicates, with replicates, and for few rows."""
    return list(recommended()["teachers"])


def member_recipe(name: str, model: Mapping, changes: Mapping, *, own: bool) -> dict:
    """Return the recipe that members are trained by.

    Parameters
    ----------
    name
        Name of the recommended recipe, from `teacher_names`.
    model
        The architecture: its `name` and its options.
    changes
        Keys of that recipe with other values.
    own
        Whether a function builds the network, so that `model` names no architecture of `degu.models`.

    Raises
    ------
    DeguError
        If an architecture, a key or a value does not exist or does not suit the others.
    """
    content = recommended()
    check_changes(changes, content["keys"]["teacher"], "teacher")
    recipe = lay_over(lay_over(content["teachers"][name], {"model": model}), changes)
    return _checked(_with_inputs(recipe, "teacher"), own, lambda whole: check_teacher(whole, "teacher"))


def recipe_of_others(heads: Sequence[str], strands: str) -> dict:
    """Return a recipe in place of that of models that were trained elsewhere, for students to take from.

    Parameters
    ----------
    heads
        What the models predict.
    strands
        `one`, or `both` if predictions are averaged over both strands.
    """
    teacher = next(iter(recommended()["teachers"].values()))
    return {**teacher, "heads": list(heads), "strands": strands, "kmer_ridge_weight": 0}


def distilled_recipe(teacher: Mapping, model: Mapping | None, changes: Mapping, *, own: bool) -> dict:
    """Return the recipe that students are trained by: the recommended one, laid over that of their members.

    Parameters
    ----------
    teacher
        The recipe of the members.
    model
        Another architecture than theirs: its `name` and its options.
    changes
        Keys of the recommended recipe with other values.
    own
        Whether a function builds the network, so that the recipe names no architecture of `degu.models`.

    Raises
    ------
    DeguError
        If an architecture, a key or a value does not exist or does not suit the others.
    """
    content = recommended()
    check_changes(changes, content["keys"]["student"], "student")
    student = lay_over(content["student"], ({} if model is None else {"model": model}) | dict(changes))
    # The recipe in the description of a trained member does not tell how it predicts.
    teacher = {"prediction": {"dropout_passes": 0}, **copy.deepcopy(dict(teacher))}
    recipe = _with_inputs(student_recipe(teacher, student), "student")
    same = recipe["model"] == teacher["model"]

    def check(whole: dict) -> dict:
        return check_student(whole, "members", teacher | {"model": whole["model"]} if same else teacher, "student")

    return _checked(recipe, own, check)


def _with_inputs(recipe: dict, where: str) -> dict:
    """Return a recipe whose augmentation and pool are complete with their defaults and checked."""
    if recipe["augmentation"] is not None:
        recipe["augmentation"] = _set_of(recipe["augmentation"], f"{where}['augmentation']")
    pool = recipe.get("pool")
    if pool is not None:
        place = f"{where}['pool']"
        pool = {"name": "pool", "augmentation": None, "variants": 1, **pool}
        if pool["augmentation"] is not None:
            pool["augmentation"] = _set_of(pool["augmentation"], f"{place}['augmentation']")
        recipe["pool"] = check_pool(pool, place)
    return recipe


def _set_of(augmentation: Mapping, where: str) -> dict:
    return check_augmentation({"number": 1, "selection": "hard", **augmentation}, where)


def _checked(recipe: dict, own: bool, check: Callable[[dict], dict]) -> dict:
    """Return a recipe as a check returns it; an architecture that a function builds stays as it is named."""
    if not own:
        return check(recipe)
    return check({**recipe, "model": dict(_STAND_IN)}) | {"model": recipe["model"]}
