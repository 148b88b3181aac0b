"""What a loss declares agrees with what its function does."""

import numpy as np
import pytest

from degu.config.declarations import LossDeclaration, loss_declaration, loss_options, targets_of
from degu.config.plugins import known_names, load
from degu.outputs.heads import HEADS
from degu.uncertainty.distributions import FAMILIES

LOSSES = known_names("loss")
TARGETS = {"measured", "mean", "aleatoric", "epistemic", "profile", "member_mean", "member_aleatoric"}


class Watched(dict):
    """A mapping that records which keys were read."""

    def __init__(self, *args) -> None:
        super().__init__(*args)
        self.read = set()

    def __getitem__(self, key):
        self.read.add(key)
        return super().__getitem__(key)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mean_squared_error", LossDeclaration((), (), False, False, False, "normal")),
        ("gaussian", LossDeclaration(("mean", "aleatoric"), ("measured",), True, False, False, "normal")),
        ("binary_crossentropy", LossDeclaration(("mean",), ("measured",), False, True, True, "normal")),
        ("laplace", LossDeclaration(("mean", "aleatoric"), ("measured",), True, False, False, "laplace")),
        ("pinball", LossDeclaration(("lower", "upper"), ("measured",), False, False, False, "normal")),
        (
            "poisson_profile",
            LossDeclaration(("mean", "profile"), ("profile",), False, False, True, "normal"),
        ),
        # A loss without TARGETS reads the arrays that are named like its heads.
        (
            "kullback_leibler",
            LossDeclaration(("mean", "epistemic"), ("mean", "epistemic"), True, False, False, "normal"),
        ),
    ],
)
def test_a_declaration_holds_the_constants_of_the_source(name, expected):
    assert loss_declaration(name) == expected


@pytest.mark.parametrize("name", LOSSES)
def test_a_declaration_agrees_with_the_imported_module(name):
    module, declared = load("loss", name), loss_declaration(name)
    assert declared.heads == getattr(module, "HEADS", ())
    assert declared.targets == getattr(module, "TARGETS", declared.heads)
    assert declared.positive == getattr(module, "POSITIVE", False)
    assert declared.labels == getattr(module, "LABELS", False)
    assert declared.unscaled == getattr(module, "UNSCALED", declared.labels)
    assert declared.family == getattr(module, "FAMILY", "normal")


@pytest.mark.parametrize("name", LOSSES)
def test_declared_heads_targets_and_families_are_known_to_the_library(name):
    module, declared = load("loss", name), loss_declaration(name)
    assert set(declared.heads) <= set(HEADS)
    assert set(declared.targets) <= TARGETS
    assert declared.family in FAMILIES
    # If a model puts out parameters, the function `heads` of the loss turns them into heads.
    assert hasattr(module, "PARAMETERS") == hasattr(module, "heads")
    assert getattr(module, "SHAPED_LIKE", {}).keys() <= getattr(module, "PARAMETERS", {}).keys()
    assert set(getattr(module, "SHAPED_LIKE", {}).values()) <= set(HEADS)


@pytest.mark.parametrize("name", [name for name in LOSSES if loss_declaration(name).heads])
def test_a_loss_reads_what_it_declares_and_nothing_else(name):
    module, declared = load("loss", name), loss_declaration(name)
    rng = np.random.default_rng(1)
    shapes = {target: (5, 3, 2) if target.startswith("member_") else (5, 2) for target in TARGETS}
    shapes["profile"] = (5, 2, 2, 4)
    true = Watched({target: rng.uniform(0.1, 1, size=shape) for target, shape in shapes.items()})
    names = getattr(module, "PARAMETERS", HEADS)
    trailing = {"probability": (4,), "profile": (2, 4)}
    like = dict.fromkeys(names, declared.heads[0]) | getattr(module, "SHAPED_LIKE", {})
    predicted = Watched({name: rng.uniform(0.1, 1, size=(5, 2, *trailing.get(like[name], ()))) for name in names})
    module.loss(true, predicted)
    assert true.read == set(declared.targets)
    assert predicted.read == set(names if hasattr(module, "PARAMETERS") else declared.heads)


def recipe_of(loss: dict, *heads: str) -> dict:
    return {"loss": loss, "heads": list(heads)}


def test_options_are_all_keys_except_the_name():
    assert loss_options(recipe_of({"name": "pinball", "level": 0.8}, "mean")) == {"level": 0.8}
    assert loss_options(recipe_of({"name": "gaussian"}, "mean")) == {}


@pytest.mark.parametrize(
    ("loss", "heads", "expected"),
    [
        ("mean_squared_error", ("mean", "epistemic"), ("mean", "epistemic")),
        ("gaussian", ("mean", "aleatoric"), ("measured",)),
        ("gaussian", ("mean", "aleatoric", "epistemic"), ("measured", "epistemic")),
        ("pinball", ("mean", "lower", "upper"), ("measured", "mean")),
        ("squared_wasserstein", ("mean", "aleatoric", "epistemic"), ("mean", "epistemic", "aleatoric")),
        ("crps_of_members", ("mean", "epistemic"), ("member_mean",)),
        ("evidential_of_members", ("mean", "aleatoric", "epistemic"), ("member_mean", "member_aleatoric")),
    ],
)
def test_training_reads_the_targets_of_the_loss_and_of_the_other_heads(loss, heads, expected):
    assert targets_of(recipe_of({"name": loss}, *heads)) == expected
