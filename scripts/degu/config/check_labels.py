"""Checks that what is run on a data set suits what its targets are: labels of 0 and 1, or activities.

Models of labels predict log odds. A loss declares by `LABELS = True` that it learns them from labels; every other loss
that reads measurements would learn probabilities in place of log odds. A student may compare with the log odds of its
ensemble by any loss, since these are numbers like activities.
"""

from collections.abc import Mapping

from degu.config.declarations import loss_declaration, targets_of
from degu.config.recipes import is_student
from degu.errors import DeguError


def check_suits_targets(settings: Mapping, name: str, recipe: Mapping, where: str) -> None:
    """Check that a recipe is for labels if the targets of a data set are labels, and for activities if they are not.

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
        If the recipe would take labels for activities, or activities for labels.
    """
    loss, place = recipe["loss"]["name"], f"{where}: labels"
    for_labels = loss_declaration(loss).labels
    if not settings["labels"]:
        if for_labels:
            raise DeguError(
                f"'{name}' has the loss '{loss}', which is for labels of 0 and 1, and this data set has activities",
                where=place,
                expected="`labels: true` if each target is 0 or 1",
                remedy=f"say so in the data set's file, or name another model than '{name}' in its study",
            )
        return
    if not for_labels and (not is_student(recipe) or "measured" in targets_of(recipe)):
        raise DeguError(
            f"'{name}' has the loss '{loss}', which is for activities, and this data set has labels of 0 and 1",
            where=place,
            expected="a loss that makes predictions log odds, which is binary_crossentropy",
            remedy=f"name other models than '{name}' in the study of the data set's file, such as cnn_dist_relu",
        )
    if not for_labels and recipe["validation_targets"] == "measured":
        raise DeguError(
            f"'{name}' is validated on measurements, and its predictions, which are log odds, cannot be compared with "
            "labels of 0 and 1",
            where=place,
            remedy="set `validation_targets: ensemble` in the student's file",
        )
