"""Recipes of members and students, against those that a run resolves from the files of the configuration."""

import pytest

from degu.config.configuration import Configuration
from degu.config.merging import merge
from degu.errors import DeguError
from degu.library.recipes import distilled_recipe, member_recipe, recommended, teacher_names
from tests.conftest import REPOSITORY

NOISE = "motif_cnn_noise"


@pytest.fixture(scope="module")
def resolve():
    """Return a function that gives the recipes of a member and of its student, with overrides of their files."""

    def recipes(name: str, teacher: dict, student: dict) -> tuple[dict, dict]:
        settings = {
            "datasets": ["simulated_mpra"],
            "study": {"teachers": [name], "students": ["degu"]},
            "overrides": {"teachers": {name: teacher}, "students": {"degu": student}},
        }
        configuration = Configuration(settings, [REPOSITORY / "config"])
        return configuration.teacher(name), configuration.student(name, "degu")

    return recipes


@pytest.mark.parametrize("name", teacher_names())
def test_the_recommended_recipes_are_those_of_the_configuration(resolve, name):
    teacher, student = resolve(name, {}, {})
    found = member_recipe(name, {"name": "motif_cnn"}, {}, own=False)
    assert found == teacher
    trained = {key: value for key, value in found.items() if key != "prediction"}
    assert distilled_recipe(trained, None, {}, own=False) == student
    assert student["model"]["filters"] == 3 * teacher["model"]["filters"]


def test_changes_are_laid_over_as_overrides_are(resolve):
    teacher = {"epochs": 3, "optimizer": {"learning_rate": 0.01}, "strands": "both", "kmer_ridge_weight": 0}
    student = {"detectors": 2, "early_stopping": {"patience": 5}, "head_weights": {"epistemic": 2}}
    expected = resolve("motif_cnn_noise", teacher, student)
    found = member_recipe(NOISE, {"name": "motif_cnn"}, teacher, own=False)
    assert (found, distilled_recipe(found, None, student, own=False)) == expected


def test_another_architecture_keeps_no_option_of_the_recommended_one(resolve):
    model = {"name": "deepstarr", "width": 0.5}
    found = member_recipe(NOISE, model, {}, own=False)
    assert found["model"] == model
    student = distilled_recipe(found, {"name": "motif_cnn", "units": 5}, {}, own=False)
    # Three times the 32 detectors that the architecture has by default.
    assert student["model"] == {"name": "motif_cnn", "units": 5, "filters": 96}
    assert member_recipe(NOISE, {"name": "motif_cnn", "units": 7}, {}, own=False)["model"]["filters"] == 64


def test_a_function_is_named_in_place_of_an_architecture():
    found = member_recipe(NOISE, {"name": "__main__.motif_cnn"}, {}, own=True)
    assert found["model"] == {"name": "__main__.motif_cnn"}
    student = distilled_recipe(found, None, {"initial_weights": "member"}, own=True)
    assert student["model"] == {"name": "__main__.motif_cnn"}
    with pytest.raises(DeguError, match="is not that of its teacher"):
        distilled_recipe(found, {"name": "other.build"}, {"initial_weights": "member"}, own=True)


def test_a_pool_is_changed_replaced_or_left_out():
    teacher = member_recipe(NOISE, {"name": "motif_cnn"}, {}, own=False)
    fewer = distilled_recipe(teacher, None, {"pool": {"variants": 2}}, own=False)["pool"]
    assert fewer == merge(recommended()["student"]["pool"], {"variants": 2})
    assert distilled_recipe(teacher, None, {"pool": None}, own=False)["pool"] is None
    random = {"source": {"name": "random", "number": 50}, "augmentation": None, "variants": 1}
    assert distilled_recipe(teacher, None, {"pool": random}, own=False)["pool"]["source"]["number"] == 50


def test_augmentation_is_a_mapping_that_is_completed():
    changes = {"augmentation": {"augmentations": [{"name": "mutation", "fraction": 0.1}]}}
    found = member_recipe(NOISE, {"name": "motif_cnn"}, changes, own=False)["augmentation"]
    assert (found["number"], found["selection"]) == (1, "hard")


@pytest.mark.parametrize(
    ("model", "changes", "told"),
    [
        ({"name": "motif_cn"}, {}, "there is no model 'motif_cn'(?s:.*)did you mean 'motif_cnn'"),
        ({"name": "motif_cnn", "filter": 3}, {}, "teacher: model: unknown option 'filter'"),
        ({"name": "motif_cnn"}, {"epoch": 3}, "teacher: unknown key 'epoch'"),
        ({"name": "motif_cnn"}, {"prediction": {"dropout_passes": 5}}, "teacher: unknown key 'prediction'"),
        ({"name": "motif_cnn"}, {"heads": ["mean"]}, "makes the heads"),
        ({"name": "motif_cnn"}, {"augmentation": {"augmentations": [{"name": "mutate"}]}}, "no augmentation 'mutate'"),
    ],
)
def test_what_cannot_be_trained_is_refused(model, changes, told):
    with pytest.raises(DeguError, match=told):
        member_recipe(NOISE, model, changes, own=False)


def test_a_student_that_cannot_be_distilled_is_refused():
    teacher = member_recipe(NOISE, {"name": "motif_cnn"}, {}, own=False)
    with pytest.raises(DeguError, match=r"student: unknown key 'detector'"):
        distilled_recipe(teacher, None, {"detector": 3}, own=False)
    with pytest.raises(DeguError, match="the student needs 'replicate_std'"):
        distilled_recipe(teacher, None, {"heads": ["mean", "replicate_std"]}, own=False)
