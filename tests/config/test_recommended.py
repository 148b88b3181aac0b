"""The recommended recipes that are installed with the package are those of the configuration."""

import json

from degu.config.configuration import Configuration
from degu.config.recipes import student_recipe
from degu.config.recommended import STUDENT, TEACHERS, recommended
from degu.data import new_dataset
from tests.conftest import REPOSITORY

INSTALLED = REPOSITORY / "scripts" / "degu" / "library" / "recipes.json"


def test_the_installed_file_is_that_of_the_configuration():
    # If this fails, `make recipes` writes the file anew.
    assert json.loads(INSTALLED.read_text()) == recommended(REPOSITORY / "config")


def test_they_are_what_a_run_resolves():
    content = recommended(REPOSITORY / "config")
    study = {"teachers": list(TEACHERS), "students": [STUDENT]}
    configuration = Configuration({"datasets": ["simulated_mpra"], "study": study}, [REPOSITORY / "config"])
    for name in TEACHERS:
        assert content["teachers"][name] == configuration.teacher(name)
        assert student_recipe(content["teachers"][name], content["student"]) == configuration.student(name, STUDENT)


def test_those_that_a_new_assay_is_given_are_among_them():
    assert set(new_dataset.TEACHERS.values()) <= set(TEACHERS)


def test_keys_hold_no_texts_and_no_names_of_files():
    keys = recommended(REPOSITORY / "config")["keys"]
    assert "description" not in json.dumps(keys)
    for recipe in ("teacher", "student"):
        null, mapping = keys[recipe]["properties"]["augmentation"]["anyOf"]
        assert (null, list(mapping["properties"])) == ({"type": "null"}, ["augmentations", "number", "selection"])
    pool = keys["student"]["properties"]["pool"]["anyOf"][1]
    assert list(pool["properties"]) == ["source", "augmentation", "variants"]
