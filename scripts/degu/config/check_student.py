"""Checks of the recipe of a student beside that of its teacher."""

from collections.abc import Mapping

from degu.config.check_bias import check_bias_of_student
from degu.config.check_pool import number_for_training
from degu.config.check_recipe import check_kept_labels, check_recipe
from degu.config.check_windows import check_windows_of_student
from degu.config.declarations import targets_of
from degu.config.plugins import check_name
from degu.config.recipes import OVER_MEMBERS, draws_windows
from degu.errors import DeguError


def check_student(recipe: dict, teacher_name: str, teacher: Mapping, where: str) -> dict:
    """Check the recipe of a student, and return it.

    Parameters
    ----------
    recipe
        The recipe, completed by that of its teacher.
    teacher_name, teacher
        The name and the recipe of the teacher.
    where
        The file of the student's recipe, for error messages.

    Raises
    ------
    DeguError
        If the student cannot be distilled from the teacher's ensemble.
    """
    _check_teaching(recipe, teacher_name, teacher, where)
    check_bias_of_student(recipe, teacher_name, teacher, where)
    _check_inputs(recipe, teacher_name, teacher, where)
    return check_recipe(recipe, where)


def check_ensemble_size(recipe: Mapping, name: str, members: int, where: str) -> None:
    """Check that an ensemble has as many members as a student is distilled from.

    Parameters
    ----------
    recipe, name
        The recipe of the student, and its name.
    members
        The number of members in the ensemble.
    where
        The place of the number that is asked for, for error messages.

    Raises
    ------
    DeguError
        If it has fewer.
    """
    size = recipe["ensemble_size"]
    if size is not None and size > members:
        raise DeguError(
            f"'{name}' is distilled from {size} members",
            where=where,
            expected=f"at most the {members} members of the ensemble",
            remedy="name a student of fewer members, or raise `members` of the study",
        )


def _check_teaching(student: Mapping, teacher_name: str, teacher: Mapping, where: str) -> None:
    """Check that a teacher's ensemble predicts what the loss of a student compares with."""
    if teacher["prediction"]["dropout_passes"]:
        raise DeguError(
            f"the teacher '{teacher_name}' predicts with dropout, and not for the training split",
            where=where,
            remedy="distil from a teacher without `prediction.dropout_passes`",
        )
    check_name("loss", student["loss"]["name"], where=f"{where}: loss.name")
    known = {"measured", "epistemic", *teacher["heads"], *(f"member_{head}" for head in teacher["heads"])}
    known |= {head for head, of in OVER_MEMBERS.items() if of in teacher["heads"]}
    missing = [name for name in targets_of(student) if name not in known]
    if missing:
        raise DeguError(
            f"the student needs '{missing[0]}', and its teacher '{teacher_name}' predicts {teacher['heads']}",
            where=where,
            remedy="correct `heads` or `loss` of the student or of the teacher",
        )
    # Profiles of students are judged by the uncertainties of their bins.
    if "profile" in student["heads"] and "profile_epistemic" not in student["heads"]:
        raise DeguError(
            "a student of profiles predicts their epistemic uncertainty, too",
            where=f"{where}: heads",
            remedy="add 'profile_epistemic', or write `heads: teacher`",
        )


def _check_inputs(student: Mapping, teacher_name: str, teacher: Mapping, where: str) -> None:
    """Check that the pool, the augmentation and the initial weights of a student fit together."""
    if student["labels"] == "kept":
        check_kept_labels(student, where)
    elif student["augmentation"] is None and not draws_windows(student):
        raise DeguError(
            "`labels: members` has no effect without an augmentation, and without `windows` that are drawn anew",
            where=f"{where}: labels",
            remedy="name an `augmentation`, or take `labels` out",
        )
    check_windows_of_student(student, where)
    _check_pool_size(student, where)
    new = student["pool"] is not None or student["labels"] == "members"
    if new and "measured" in targets_of(student):
        raise DeguError(
            f"the loss '{student['loss']['name']}' reads measurements, and new sequences have none",
            where=f"{where}: loss",
            remedy="take `pool` and `labels: members` out, or name another loss",
        )
    if not student["originals"] and not new:
        raise DeguError(
            "without the original sequences the student has nothing to be trained on",
            where=f"{where}: originals",
            remedy="name a `pool`, or an `augmentation` with `labels: members`",
        )
    if student["initial_weights"] == "member" and student["model"] != teacher["model"]:
        raise DeguError(
            f"the student's model is not that of its teacher '{teacher_name}', whose weights it is to begin from",
            where=f"{where}: initial_weights",
            remedy="take `model` and `detectors` out of the student's recipe, or set `initial_weights: random`",
        )


def _check_pool_size(student: Mapping, where: str) -> None:
    """Check that there is a pool, and that it has as many sequences for training as a student asks for, if known."""
    if student["pool_size"] is None:
        return
    if student["pool"] is None:
        raise DeguError(
            "`pool_size` has no effect without a pool",
            where=f"{where}: pool_size",
            remedy="name a `pool`, or take `pool_size` out",
        )
    number = number_for_training(student["pool"])
    if number is not None and student["pool_size"] > number:
        raise DeguError(
            f"{student['pool_size']:,} sequences of the pool '{student['pool']['name']}', which has {number:,} for "
            "training",
            where=f"{where}: pool_size",
            expected=f"at most {number:,}, because a tenth of the pool is held out for validation",
            remedy="lower `pool_size`, which is N in a student's name RECIPE@POOL-N, or make the pool larger",
        )
