"""Checks of the recipes of teachers, baselines and students that a schema cannot express; `check_student` has more."""

from collections.abc import Mapping

from degu.config.check_augmentation import declaring
from degu.config.check_bias import check_has_bias
from degu.config.check_windows import check_windows
from degu.config.declarations import LossDeclaration, loss_declaration, loss_options, targets_of
from degu.config.optimizers import check_optimizer
from degu.config.plugins import check_name, check_options, without_name
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
    check_kept_labels(recipe, where)
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


def check_kept_labels(recipe: Mapping, where: str) -> None:
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
