"""The stages of a training: the main one and, where a recipe asks for it, fine-tuning on the original sequences."""

from collections.abc import Mapping

# The stages in their order. Each begins from the best weights of the one before.
MAIN, FINE_TUNING = "main", "fine_tuning"
# A training step passes a sequence through a network once forward and once, at twice the cost, backward (Kaplan et al.
# 2020, https://arxiv.org/abs/2001.08361, section 2.1).
PASSES_A_STEP = 3


def stages_of(recipe: Mapping) -> dict[str, Mapping]:
    """Return the recipe of each stage, by its name.

    Fine-tuning lasts the number of epochs that the recipe says, at a learning rate of its own, which is reduced where
    the validation loss does not improve. As published for EvoAug (Lee et al. 2023), all of these epochs are trained and
    the weights of the best one are kept.
    """
    own = recipe["fine_tuning"]
    if not own["epochs"]:
        return {MAIN: recipe}
    second = {
        **recipe,
        "epochs": own["epochs"],
        "optimizer": {**recipe["optimizer"], "learning_rate": own["learning_rate"]},
        "learning_rate_schedule": {"name": "reduce_on_plateau"},
    }
    return {MAIN: recipe, FINE_TUNING: second}
