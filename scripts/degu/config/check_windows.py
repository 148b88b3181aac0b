"""Checks of how a recipe draws windows and takes negatives, and of what a data set has for it."""

from collections.abc import Mapping

from degu.config.plugins import complete_options, constant
from degu.config.recipes import draws_windows, has_only_negatives
from degu.errors import DeguError


def check_windows(recipe: Mapping, where: str) -> None:
    """Check that the settings of negatives in a recipe fit together.

    Parameters
    ----------
    recipe
        The recipe of a teacher, baseline or student, complete with its defaults.
    where
        The file of the recipe, for error messages.

    Raises
    ------
    DeguError
        If one of them has no effect beside the others, or members would be trained on draws from negatives alone.
    """
    windows = recipe["windows"]
    if not has_only_negatives(recipe):
        if windows["count_threshold"] is not None:
            raise DeguError(
                "`count_threshold` has no effect on a training on regions",
                where=f"{where}: windows.count_threshold",
                expected="a threshold with `rows: negatives` alone",
                remedy="take it out, or set `rows: negatives`",
            )
        return
    if windows["negatives"] is not None:
        raise DeguError(
            "there are no regions that negatives could be drawn for",
            where=f"{where}: windows.negatives",
            expected="null, with `rows: negatives`",
            remedy="take one of the two out",
        )
    # The rows that each member leaves out are counted among all training rows.
    if recipe.get("resampling", "none") != "none":
        raise DeguError(
            f"members that are trained on negatives alone are given all of them, and not those of "
            f"`resampling: {recipe['resampling']}`",
            where=f"{where}: resampling",
            expected="none",
            remedy="take one of `resampling` and `rows: negatives` out",
        )


def check_windows_of_student(student: Mapping, where: str) -> None:
    """Check that somebody predicts what is in the windows of a student, and that a pool does not change its epochs.

    Parameters
    ----------
    student, where
        As `check_windows` takes them.

    Raises
    ------
    DeguError
        If its windows are drawn anew and are not labelled, or if both a pool and negatives would make an epoch.
    """
    if draws_windows(student) and (student["labels"] == "kept" or student["pool"] is not None):
        raise DeguError(
            "windows are drawn anew for each batch, and nobody predicts what is in them",
            where=f"{where}: windows",
            expected="`labels: members`, and no `pool`",
            remedy="set `labels: members`, or `windows: {jitter: 0, reverse_complement: false}`",
        )
    if student["pool"] is not None and student["windows"]["negatives"] is not None:
        raise DeguError(
            "with a pool, an epoch has as many sequences as there are training rows, whatever `negatives` says",
            where=f"{where}: windows.negatives",
            expected="null, with a pool",
            remedy="set `windows: {negatives: null}` in the student's file, or take `pool` out",
        )


def check_counts(settings: Mapping, name: str, recipe: Mapping, where: str) -> None:
    """Check that a data set has counts at each base, and negatives, if a recipe is trained on them.

    Parameters
    ----------
    settings
        The settings of the data set.
    name, recipe
        The name of the teacher, baseline or student, and its recipe.
    where
        The file of the data set, for error messages.

    Raises
    ------
    DeguError
        If it is known to have none before it is imported.
    """
    of_profiles = [head for head in recipe["heads"] if head.startswith("profile")]
    if not constant("importer", settings["importer"], "COUNTS", False) and (of_profiles or draws_windows(recipe)):
        what = f"predicts '{of_profiles[0]}'" if of_profiles else "draws its windows anew"
        raise DeguError(
            f"'{name}' {what}, for which counts at each base are needed, and this data set has none",
            where=f"{where}: importer",
            expected="an importer of counts, such as profiles",
            remedy="name other teachers or students in the study of this data set",
        )
    if has_only_negatives(recipe) and not has_negatives(settings):
        raise DeguError(
            f"'{name}' is trained on negatives, and this data set has none",
            where=f"{where}: options",
            expected="an importer of counts with `negatives` of 1 or more, such as profiles",
            remedy="set `negatives: 1`, or name other teachers in the study of this data set",
        )


def has_negatives(settings: Mapping) -> bool:
    """Return whether the importer of a data set draws negatives, by its option `negatives`."""
    options = complete_options("importer", settings["importer"], settings["options"])
    return bool(options.get("negatives"))
