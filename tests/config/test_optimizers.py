"""The arguments of optimisers are those of Keras."""

import inspect

import keras
import pytest

from degu.config.optimizers import OPTIONAL, OWN, SWITCHES, arguments_of, check_optimizer
from degu.config.schemas import read_yaml
from degu.config.values import check_within
from degu.errors import DeguError
from tests.config.conftest import CONFIG


def arguments_of_keras(name):
    """Return the default of each argument of an optimiser of Keras."""
    parameters = inspect.signature(type(keras.optimizers.get(name)).__init__).parameters
    left_out = {"self", "kwargs", "name", "learning_rate", "exclude_layers"}
    return {key: parameter.default for key, parameter in parameters.items() if key not in left_out}


def test_they_are_those_that_a_recipe_may_name():
    schema = read_yaml(CONFIG / "schemas" / "teacher.schema.yaml")
    assert sorted(OWN) == sorted(schema["properties"]["optimizer"]["properties"]["name"]["enum"])


@pytest.mark.parametrize("name", OWN)
def test_their_arguments_are_those_of_keras_whose_defaults_are_in_range(name):
    defaults, known = arguments_of_keras(name), arguments_of(name)
    assert set(known) == set(defaults)
    assert {key for key, default in defaults.items() if isinstance(default, bool)} == set(known) & set(SWITCHES)
    assert {key for key, default in defaults.items() if default is None} <= set(OPTIONAL) <= set(defaults)
    for key, default in defaults.items():
        check_within(default, known[key], where=key)
    settings = {"name": name, "learning_rate": 0.01, **defaults}
    assert check_optimizer(settings, "x") == settings


def test_text_is_read_as_a_number():
    """Snakemake gives values within {...} of `--config` as text."""
    given = {"name": "sgd", "learning_rate": 0.1, "momentum": "0.9", "nesterov": "true", "clipnorm": "null"}
    assert check_optimizer(given, "x") == {**given, "momentum": 0.9, "nesterov": True, "clipnorm": None}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"lr": 0.1}, r"x: the optimizer 'adam' has no argument 'lr'\n  expected: .*learning_rate"),
        ({"beta1": 0.9}, r"x: the optimizer 'adam' has no argument 'beta1'\n  expected: did you mean 'beta_1'"),
        ({"name": "sgd", "beta_1": 0.9}, r"x: the optimizer 'sgd' has no argument 'beta_1'"),
        ({"beta_1": "high"}, r"x\.beta_1: 'high' is not a number\n  expected: a number"),
        ({"beta_1": None}, r"x\.beta_1: None is not a number"),
        ({"beta_1": True}, r"x\.beta_1: True is not a number"),
        ({"beta_1": [0.9]}, r"x\.beta_1: \[0\.9\] is not a number"),
        ({"beta_1": 1}, r"x\.beta_1: 1 is out of range\n  expected: a number of at least 0 and below 1"),
        ({"clipnorm": 0}, r"x\.clipnorm: 0 is out of range"),
        ({"clipnorm": "much"}, r"x\.clipnorm: 'much' is not a number or null"),
        ({"amsgrad": 1}, r"x\.amsgrad: 1 is not true or false"),
        ({"gradient_accumulation_steps": 1}, r"x\.gradient_accumulation_steps: 1 is out of range"),
    ],
)
def test_arguments_that_keras_would_refuse_are_named(settings, message):
    with pytest.raises(DeguError, match=f"^{message}"):
        check_optimizer({"name": "adam", "learning_rate": 0.1, **settings}, "x")


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"teacher": {"optimizer": {"lr": 3}}}, r"big\.yaml: optimizer: "),
        ({"student": {"optimizer": {"momentum": 0.9}}}, r"plain\.yaml: optimizer: the optimizer 'adam' has no"),
        ({"baseline": {"optimizer": {"name": "sgd", "momentum": 2}}}, r"noisy\.yaml: optimizer\.momentum: 2 is out"),
    ],
)
def test_the_file_of_the_recipe_is_named(configure, changes, place):
    with pytest.raises(DeguError, match=place):
        configure(**changes)


def test_another_optimizer_keeps_no_argument_of_the_old_one_but_the_learning_rate(configure):
    teacher = {"optimizer": {"name": "adam", "learning_rate": 0.02, "beta_1": 0.8}}
    for own, expected in (
        ({"name": "sgd"}, {"name": "sgd", "learning_rate": 0.02}),
        (
            {"name": "sgd", "learning_rate": 0.1, "momentum": 0.9},
            {"name": "sgd", "learning_rate": 0.1, "momentum": 0.9},
        ),
        ({"beta_2": 0.9}, {"name": "adam", "learning_rate": 0.02, "beta_1": 0.8, "beta_2": 0.9}),
        ({"name": "adam"}, teacher["optimizer"]),
    ):
        student = configure(teacher=teacher, student={"optimizer": own}).student("big", "plain")
        assert student["optimizer"] == expected
