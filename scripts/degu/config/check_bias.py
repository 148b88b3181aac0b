"""Checks of the bias network of an enzyme: of the teacher that names it, of itself, and of students of that teacher."""

from collections.abc import Mapping

from degu.config.plugins import constant
from degu.config.recipes import has_only_negatives
from degu.errors import DeguError

# What both networks have to put out, so that it can be added.
_ADDED = ("profile_logits", "mean")


def check_has_bias(recipe: Mapping, where: str) -> None:
    """Check the recipe of a teacher or baseline that names a bias network, or has one taken out.

    Parameters
    ----------
    recipe
        The recipe, complete with its defaults.
    where
        The file of the recipe, for error messages.

    Raises
    ------
    DeguError
        If there is no bias network to take out, or none that could be added to what the recipe predicts.
    """
    if recipe.get("bias") is None:
        # The recipe in the description of a trained member does not tell how it predicts.
        if recipe.get("prediction", {}).get("bias") == "remove":
            raise DeguError(
                "there is no bias network to take out",
                where=f"{where}: prediction.bias",
                expected="keep, or a teacher that `bias` names",
                remedy="take `prediction.bias` out, or name a teacher, as in `bias: bpnet_bias`",
            )
        return
    _check_added(recipe, f"{where}: loss and heads")
    if recipe["kmer_ridge_weight"]:
        raise DeguError(
            "a member with a bias network cannot contain a ridge regression on k-mers as well",
            where=f"{where}: kmer_ridge_weight",
            expected="0, with `bias`",
            remedy="take one of the two out",
        )


def check_bias(name: str, bias: Mapping, where: str) -> None:
    """Check a teacher that another one names as its bias network.

    Parameters
    ----------
    name, bias
        The name and the recipe of the teacher whose member becomes the bias network.
    where
        The file and the key that name it, for error messages.

    Raises
    ------
    DeguError
        If it is trained on regions too, has a bias network itself, or predicts what cannot be added.
    """
    if bias.get("bias") is not None:
        raise DeguError(
            f"the teacher '{name}' has a bias network itself, '{bias['bias']}'",
            where=where,
            expected="a teacher without `bias`, such as bpnet_bias",
        )
    if not has_only_negatives(bias):
        raise DeguError(
            f"the teacher '{name}' is trained on regions, so that it learns more than the bias of the enzyme",
            where=where,
            expected="a teacher with `windows: {rows: negatives}`, such as bpnet_bias",
        )
    _check_added(bias, where, f"the bias network '{name}'")
    if bias["kmer_ridge_weight"] or bias["strands"] == "both":
        key = "kmer_ridge_weight" if bias["kmer_ridge_weight"] else "strands"
        raise DeguError(
            f"the bias network '{name}' has `{key}: {bias[key]}`, and only its network can be within another one",
            where=where,
            expected="a teacher without `kmer_ridge_weight`, and with `strands: one`",
        )


def check_bias_of_student(student: Mapping, name: str, teacher: Mapping, where: str) -> None:
    """Check that a student of members without their bias is not compared with measurements, which have it.

    Parameters
    ----------
    student
        The recipe of the student.
    name, teacher
        The name and the recipe of its teacher.
    where
        The file of the student's recipe, for error messages.

    Raises
    ------
    DeguError
        If early stopping would compare them.
    """
    if teacher["prediction"].get("bias") == "remove" and student["validation_targets"] == "measured":
        raise DeguError(
            f"the members of '{name}' predict without the bias of the enzyme, and measurements have it",
            where=f"{where}: validation_targets",
            expected="ensemble",
            remedy="set `validation_targets: ensemble`, or distil from a teacher with `prediction: {bias: keep}`",
        )


def _check_added(recipe: Mapping, where: str, what: str = "the network") -> None:
    """Check that a network puts out logits of a profile and a log count of its own."""
    loss, heads = recipe["loss"]["name"], recipe["heads"]
    parameters: dict[str, str] = constant("loss", loss, "PARAMETERS", {})
    covered: tuple[str, ...] = constant("loss", loss, "HEADS", ())
    given = {*parameters, *(head for head in heads if not parameters or head not in covered)}
    missing = [name for name in _ADDED if name not in given]
    if missing:
        raise DeguError(
            f"{what} does not put out '{missing[0]}' with the loss '{loss}' and the heads {heads}",
            where=where,
            expected="networks whose profiles are logits and whose `mean` is their own, as with the loss multinomial",
        )
