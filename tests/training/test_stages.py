"""The stages of a training."""

from degu.training.stages import stages_of
from tests.training.runs import overshooting_recipe


def test_without_fine_tuning_there_is_one_stage():
    recipe = overshooting_recipe()
    assert stages_of(recipe) == {"main": recipe}


def test_fine_tuning_has_epochs_and_a_learning_rate_of_its_own():
    recipe = {**overshooting_recipe(), "fine_tuning": {"epochs": 5, "learning_rate": 1e-4}}
    recipe["learning_rate_schedule"] = {"name": "cosine", "warm_up": 0.1}
    stages = stages_of(recipe)
    assert list(stages) == ["main", "fine_tuning"]
    assert stages["main"] == recipe
    changed = {key for key, value in stages["fine_tuning"].items() if value != recipe[key]}
    assert changed == {"epochs", "optimizer", "learning_rate_schedule"}
    assert stages["fine_tuning"]["epochs"] == 5
    assert stages["fine_tuning"]["optimizer"] == {"name": "adam", "learning_rate": 1e-4}
    assert stages["fine_tuning"]["learning_rate_schedule"]["name"] == "reduce_on_plateau"
