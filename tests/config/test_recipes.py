"""Recipes that are laid over one another."""

import copy

import pytest

from degu.config.merging import merge
from degu.config.recipes import is_student, lay_over, student_recipe
from degu.errors import DeguError


def test_a_student_takes_over_its_teachers_recipe_except_for_the_heads_and_the_published_factor(configure):
    configuration = configure(teacher={"reduce_learning_rate": {"factor": 0.5, "patience": 2}})
    teacher, student = configuration.teacher("big"), configuration.student("big", "plain")
    assert student["heads"] == ["mean", "aleatoric", "epistemic"]
    assert student["reduce_learning_rate"] == {"factor": 0.2, "patience": 2, "minimum": 1e-7}
    for key in teacher.keys() - {"heads", "reduce_learning_rate", "resampling", "prediction", "bias"}:
        assert student[key] == teacher[key]
    assert student["ensemble_size"] is None
    assert student["validation_targets"] == "measured"


def test_a_student_does_not_take_over_how_members_are_trained_and_predict(configure):
    student = configure(teacher={"resampling": "folds", "kmer_ridge_weight": 0.5}).student("big", "plain")
    assert not {"resampling", "prediction", "bias"} & student.keys()
    # The ridge regression is a part of the members, which the student inherits.
    assert student["kmer_ridge_weight"] == 0.5
    for key in ("resampling", "prediction", "kmer_ridge_weight"):
        with pytest.raises(DeguError, match=rf"plain\.yaml: unknown key '{key}'"):
            configure(student={key: "folds"})


def test_a_student_takes_over_its_teachers_scaling_and_weights_unless_it_sets_its_own(configure):
    teacher = {"target_scaling": "standard", "head_weights": {"aleatoric": 2.0}, "uncertainty": {"link": "softplus"}}
    student = configure(teacher=teacher).student("big", "plain")
    assert (student["target_scaling"], student["head_weights"]) == ("standard", {"aleatoric": 2.0})
    assert student["uncertainty"] == {"link": "softplus", "floor": 1e-4}
    own = {
        "target_scaling": "none",
        "output_bias": "zero",
        "precision": "float32",
        "head_weights": "inverse_variance",
        "uncertainty": {"floor": 0.1},
    }
    student = configure(teacher=teacher, student=own).student("big", "plain")
    assert (student["target_scaling"], student["head_weights"]) == ("none", "inverse_variance")
    assert student["uncertainty"] == {"link": "softplus", "floor": 0.1}


def test_the_weights_of_a_student_are_laid_over_those_of_its_teacher(configure):
    teacher, own = {"head_weights": {"aleatoric": 2.0}}, {"head_weights": {"epistemic": 9.0}}
    student = configure(teacher=teacher, student=own).student("big", "plain")
    assert student["head_weights"] == {"aleatoric": 2.0, "epistemic": 9.0}


def test_the_loss_of_a_student_is_the_published_one_whatever_its_teachers_loss(configure):
    teacher = {"loss": {"name": "beta_gaussian", "beta": 0.3}, "uncertainty": {"link": "softplus"}}
    configuration = configure(teacher=teacher)
    assert configuration.student("big", "plain")["loss"] == {"name": "mean_squared_error"}
    own = {"loss": {"name": "beta_gaussian"}}
    # If the loss has the same name, the options of the teacher are kept.
    assert configure(teacher=teacher, student=own).student("big", "plain")["loss"] == {
        "name": "beta_gaussian",
        "beta": 0.3,
    }


def test_a_student_has_one_epistemic_head_whatever_its_teachers_heads(configure):
    teacher = {"heads": ["mean", "epistemic", "aleatoric"], "loss": {"name": "evidential"}}
    assert configure(teacher=teacher).student("big", "plain")["heads"] == ["mean", "aleatoric", "epistemic"]


def test_a_student_overrules_its_teacher_key_by_key(configure):
    own = {"model": {"units": 5}, "optimizer": {"learning_rate": 0.5}, "heads": ["mean"], "epochs": 3}
    configuration = configure(student=own)
    student = configuration.student("big", "plain")
    assert student["model"] == {"name": "motif_cnn", "filters": 8, "units": 5}
    assert student["optimizer"] == {"name": "adam", "learning_rate": 0.5}
    assert (student["heads"], student["epochs"]) == (["mean"], 3)
    assert configuration.teacher("big")["model"] == {"name": "motif_cnn", "filters": 8}


def test_a_student_may_have_another_model_than_its_teacher(configure):
    student = configure(student={"model": {"name": "deepstarr", "dropout": 0.3}}).student("big", "plain")
    # A model with another name keeps none of the options of the teacher's model.
    assert student["model"] == {"name": "deepstarr", "dropout": 0.3}
    same = configure(student={"model": {"name": "motif_cnn", "units": 3}}).student("big", "plain")
    assert same["model"] == {"name": "motif_cnn", "filters": 8, "units": 3}


@pytest.mark.parametrize(
    ("teacher", "student", "filters"),
    [
        ({"name": "motif_cnn", "filters": 8}, {"detectors": 3}, 24),
        ({"name": "motif_cnn", "filters": 5}, {"detectors": 1.5}, 8),
        ({"name": "motif_cnn", "filters": 8}, {}, 8),
        ({"name": "motif_cnn", "filters": 8}, {"detectors": 3, "model": {"filters": 10}}, 10),
        ({"name": "motif_cnn", "filters": 8}, {"detectors": 3, "model": {"units": 10}}, 24),
    ],
)
def test_a_student_has_more_motif_detectors_than_its_teacher(configure, teacher, student, filters):
    configuration = configure(teacher={"model": teacher}, student=student)
    assert configuration.student("big", "plain")["model"]["filters"] == filters
    # It changes neither the teacher nor what is written beside the number.
    assert configuration.teacher("big")["model"].get("filters") == teacher.get("filters", 8)
    assert "detectors" not in configuration.student("big", "plain")


def test_the_default_number_of_detectors_is_multiplied_where_no_other_is_set():
    keys = {"loss": {"name": "a"}, "resampling": "none", "prediction": {}, "kmer_ridge_weight": 0}
    teacher = {"heads": ["mean"], "model": {"name": "motif_cnn"}, **keys}
    recipe = student_recipe(teacher, {"heads": ["mean"], "detectors": 2})
    assert recipe["model"] == {"name": "motif_cnn", "filters": 64}


def test_a_student_of_an_architecture_that_names_no_detectors_is_as_large_as_its_teacher(configure):
    configuration = configure(student={"detectors": 3, "model": {"name": "deepstarr"}})
    assert configuration.student("big", "plain")["model"] == {"name": "deepstarr"}


def test_a_student_may_set_its_own_factor_of_the_learning_rate(configure):
    student = configure(student={"reduce_learning_rate": {"factor": 0.7}}).student("big", "plain")
    assert student["reduce_learning_rate"]["factor"] == 0.7


def test_a_baseline_equals_its_teacher_except_for_what_it_changes(configure):
    configuration = configure(baseline={"heads": ["mean"], "optimizer": {"learning_rate": 0.5}, "epochs": 3})
    teacher, baseline = configuration.teacher("big"), configuration.teacher("big-noisy")
    assert (baseline["heads"], baseline["epochs"]) == (["mean"], 3)
    assert baseline["optimizer"] == {"name": "adam", "learning_rate": 0.5}
    for key in teacher.keys() - {"heads", "epochs", "optimizer"}:
        assert baseline[key] == teacher[key]
    assert (teacher["heads"], teacher["epochs"]) == (["mean", "aleatoric"], 100)


def test_a_baseline_with_another_model_or_loss_keeps_no_option_of_its_teachers(configure):
    teacher = {"loss": {"name": "beta_gaussian", "beta": 0.3}, "uncertainty": {"link": "softplus"}}
    baseline = {"model": {"name": "deepstarr"}, "loss": {"name": "gaussian"}}
    recipe = configure(teacher=teacher, baseline=baseline).teacher("big-noisy")
    assert (recipe["model"], recipe["loss"]) == ({"name": "deepstarr"}, {"name": "gaussian"})
    assert recipe["uncertainty"]["link"] == "softplus"


def test_recipes_merge_except_for_a_model_loss_or_optimizer_with_another_name():
    recipe = {"model": {"name": "a", "x": 1}, "loss": {"name": "b", "y": 2}, "optimizer": {"name": "c", "z": 3}}
    assert lay_over(recipe, {"model": {"x": 5}, "loss": {"name": "b"}}) == merge(recipe, {"model": {"x": 5}})
    other = lay_over(recipe, {"model": {"name": "d"}, "loss": {"name": "e", "w": 0}, "optimizer": {"name": "f"}})
    assert other == {
        "model": {"name": "d"},
        "loss": {"name": "e", "w": 0},
        "optimizer": {"name": "f"},
    }
    # A recipe without a loss has no options that could be kept.
    assert lay_over({"model": {"name": "a"}}, {"loss": {"name": "e", "w": 0}})["loss"] == {"name": "e", "w": 0}


def test_laying_a_recipe_over_another_changes_neither_of_them():
    recipe, own = {"loss": {"name": "a"}, "heads": ["mean"]}, {"loss": {"name": "b", "table": {"c": [1]}}}
    before = copy.deepcopy((recipe, own))
    lay_over(recipe, own)["loss"]["table"]["c"].append(2)
    assert (recipe, own) == before


def test_resolving_a_student_changes_neither_its_recipe_nor_its_teachers():
    own = {"resampling": "none", "prediction": {"dropout_passes": 0}, "kmer_ridge_weight": 0}
    shared = {"loss": {"name": "a"}, "model": {"name": "motif_cnn", "filters": 8}}
    teacher = {"heads": ["mean"], **shared, **own}
    student = {"heads": "teacher", "loss": {"name": "a"}, "detectors": 1}
    before = copy.deepcopy((teacher, student))
    assert student_recipe(teacher, student) == {"heads": ["mean", "epistemic"], **shared, "kmer_ridge_weight": 0}
    assert (teacher, student) == before


def test_a_student_is_told_from_teachers_and_baselines_by_its_recipe(configure):
    configuration = configure(baseline={"resampling": "folds"})
    recipes = configuration.teacher("big"), configuration.teacher("big-noisy"), configuration.student("big", "plain")
    assert [is_student(recipe) for recipe in recipes] == [False, False, True]
