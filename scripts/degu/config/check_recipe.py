"""Checks of the recipes of teachers, baselines and students that a schema cannot express."""

from collections.abc import Mapping

from degu.config.check_augmentation import declaring
from degu.config.check_bias import check_bias_of_student, check_has_bias
from degu.config.check_pool import number_for_training
from degu.config.check_windows import check_windows, check_windows_of_student
from degu.config.declarations import LossDeclaration, loss_declaration, loss_options, targets_of
from degu.config.optimizers import check_optimizer
from degu.config.plugins import check_name, check_options, without_name
from degu.config.recipes import OVER_MEMBERS, draws_windows
from degu.errors import DeguError

# What a teacher or baseline can be trained on: arrays that follow from the measurements alone, some of them from counts
# at each position.
COUNTED_TARGETS = ("profile", "profile_aleatoric")
MEASURED_TARGETS = ("measured", "mean", "aleatoric", "replicate_std", *COUNTED_TARGETS)


def check_teacher(recipe: dict, where: str) -> dict:
    """Check the recipe of a teacher or baseline, and return it.

    Parameters
    ----------
    recipe
        The recipe, complete with its defaults.
    where
        The file of the recipe, for error messages.

    Raises
    ------
    DeguError
        If the recipe cannot be trained.
    """
    check_recipe(recipe, where)
    _check_kept_labels(recipe, where)
    check_has_bias(recipe, where)
    if recipe["kmer_ridge_weight"] and loss_declaration(recipe["loss"]["name"]).labels:
        raise DeguError(
            f"a ridge regression on k-mers predicts activities, and the loss '{recipe['loss']['name']}' is for labels",
            where=f"{where}: kmer_ridge_weight",
            remedy="take `kmer_ridge_weight` out",
        )
    unknown = [name for name in targets_of(recipe) if name not in MEASURED_TARGETS]
    if unknown:
        raise DeguError(
            f"'{unknown[0]}' is not measured, and a teacher is trained on measurements",
            where=f"{where}: heads and loss",
            remedy="keep it for a student, or choose a loss that yields it, such as evidential",
        )
    return recipe


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


def check_recipe(recipe: dict, where: str) -> dict:
    """Check the model, the loss and the optimiser of a recipe and what depends on the loss, and return the recipe.

    Text among their options is replaced by what it has to be, see `check_options`.

    Raises
    ------
    DeguError
        If one of them or of their options does not exist, or if heads, link or weights do not suit the loss.
    """
    model, loss = recipe["model"].get("name"), recipe["loss"]["name"]
    check_name("model", model, where=f"{where}: model.name")
    recipe["model"] |= check_options("model", model, without_name(recipe["model"]), where=f"{where}: model")
    check_name("loss", loss, where=f"{where}: loss.name")
    recipe["loss"] |= check_options("loss", loss, loss_options(recipe), where=f"{where}: loss")
    declared = loss_declaration(loss)
    recipe["optimizer"] = check_optimizer(recipe["optimizer"], f"{where}: optimizer")
    _check_schedule(recipe["learning_rate_schedule"], where)
    _check_heads(recipe, declared, where)
    _check_head_weights(recipe, declared, where)
    check_windows(recipe, where)
    return recipe


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


def _check_kept_labels(recipe: Mapping, where: str) -> None:
    """Check that an augmentation leaves sequences the labels that they keep."""
    augmentation = recipe["augmentation"]
    changed = declaring(augmentation, "NEW_LABELS") if augmentation else []
    if changed:
        raise DeguError(
            f"the augmentation '{changed[0]}' makes sequences that need new labels",
            where=f"{where}: augmentation",
            expected="augmentations that leave the activity nearly as it is",
            remedy="name another set; a student can have this one with `labels: members`",
        )


def _check_inputs(student: Mapping, teacher_name: str, teacher: Mapping, where: str) -> None:
    """Check that the pool, the augmentation and the initial weights of a student fit together."""
    if student["labels"] == "kept":
        _check_kept_labels(student, where)
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


def _check_schedule(schedule: Mapping, where: str) -> None:
    """Check that a warm-up belongs to a schedule that has one."""
    place = f"{where}: learning_rate_schedule"
    if schedule["warm_up"] and schedule["name"] == "reduce_on_plateau":
        raise DeguError(
            f"`warm_up` has no effect with the schedule '{schedule['name']}'",
            where=place,
            remedy="name the schedule cosine or one_cycle, or take `warm_up` out",
        )
    if not schedule["warm_up"] and schedule["name"] == "one_cycle":
        raise DeguError(
            "the schedule 'one_cycle' has no `warm_up`",
            where=place,
            expected="the part of all epochs in which the learning rate rises, above 0",
            remedy="set `warm_up: 0.3`, as published for DREAM-RNN, or name the schedule cosine",
        )


def _check_heads(recipe: Mapping, declared: LossDeclaration, where: str) -> None:
    """Check that the heads of a recipe, its link and what it monitors suit its loss."""
    loss, heads = recipe["loss"]["name"], recipe["heads"]
    if heads[0] != "mean" or len(set(heads)) < len(heads):
        raise DeguError(f"heads {heads}", where=f"{where}: heads", expected="'mean' first, each at most once")
    if declared.unscaled and recipe["target_scaling"] != "none":
        targets = "labels as they are, 0 and 1" if declared.labels else "targets as they are, in the units of the data"
        raise DeguError(
            f"the loss '{loss}' needs {targets}",
            where=f"{where}: target_scaling",
            expected="none",
            remedy="take `target_scaling` out, or name another loss",
        )
    if recipe["monitor"] == "auroc" and not declared.labels:
        raise DeguError(
            f"auroc needs labels of 0 and 1, and the loss is '{loss}'",
            where=f"{where}: monitor",
            remedy="monitor the loss, or name the loss binary_crossentropy",
        )
    if "probability" in declared.heads:
        raise DeguError(
            f"the loss '{loss}' predicts probabilities of classes, which the pipeline does not evaluate yet",
            where=f"{where}: loss.name",
            expected="binary_crossentropy for labels of 0 and 1, or a loss for activities",
            remedy="name another loss, or train with the library `degu` alone",
        )
    missing = [head for head in declared.heads if head not in heads]
    if missing:
        raise DeguError(
            f"the loss '{loss}' makes the heads {list(declared.heads)}, and the recipe has {heads}",
            where=f"{where}: heads",
            remedy=f"add {missing}, or name another loss",
        )
    if declared.positive and recipe["uncertainty"]["link"] == "identity":
        raise DeguError(
            f"the loss '{loss}' needs standard deviations above 0",
            where=f"{where}: uncertainty.link",
            expected="softplus or log_variance",
        )


def _check_head_weights(recipe: Mapping, declared: LossDeclaration, where: str) -> None:
    """Check that each weight belongs to a head that is compared with its own target."""
    weights = recipe["head_weights"]
    if weights == "median_count" and ("mean" in declared.heads or "profile" not in recipe["heads"]):
        raise DeguError(
            f"`median_count` has no effect with the loss '{recipe['loss']['name']}' and the heads {recipe['heads']}",
            where=f"{where}: head_weights",
            expected="a head `profile`, and a loss that leaves the mean to its own squared error, such as multinomial",
            remedy="take `head_weights` out, or name another loss or further heads",
        )
    if not isinstance(weights, Mapping):
        return
    weighted = [head for head in recipe["heads"] if head not in declared.heads]
    without_effect = [head for head in weights if head not in weighted]
    if without_effect:
        raise DeguError(
            f"the weight of '{without_effect[0]}' has no effect with the loss '{recipe['loss']['name']}' "
            f"and the heads {recipe['heads']}",
            where=f"{where}: head_weights",
            expected=f"heads among {weighted}",
        )
