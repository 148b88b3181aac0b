"""Recipes that cannot be trained are refused."""

import copy

import pytest

from degu.config.check_recipe import check_recipe
from degu.config.declarations import loss_declaration
from degu.errors import DeguError
from tests.config.conftest import BASELINE


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"teacher": {"model": {"name": "motif_cn"}}}, r"big\.yaml: model\.name: there is no model(.|\n)*'motif_cnn'"),
        (
            {"teacher": {"loss": {"name": "mean_square"}}},
            r"big\.yaml: loss\.name: there is no loss(.|\n)*'mean_squared_error'",
        ),
        ({"student": {"loss": {"name": "gausian"}}}, r"plain\.yaml: loss\.name: there is no loss(.|\n)*'gaussian'"),
        ({"baseline": {"loss": {"name": "special"}}}, r"noisy\.yaml: loss\.name: there is no loss 'special'"),
        (
            {"teacher": {"loss": {"name": "mean_squared_error", "beta": 1}}},
            r"big\.yaml: loss: unknown option 'beta'\n  expected: known: none",
        ),
        (
            {"baseline": {"uncertainty": {"link": "softplus"}, "loss": {"name": "beta_gaussian", "bata": 0.5}}},
            r"noisy\.yaml: loss: unknown option 'bata'\n  expected: did you mean 'beta'",
        ),
        (
            {"baseline": {"heads": ["mean", "lower", "upper"], "loss": {"name": "pinball", "level": "90%"}}},
            r"noisy\.yaml: loss\.level: '90%' is not of type float",
        ),
        (
            {"student": {"loss": {"name": "kullback_leibler", "reverse": 1}}},
            r"plain\.yaml: loss\.reverse: 1 is not of type bool",
        ),
        ({"student": {"model": {"name": "cnn"}}}, r"plain\.yaml: model\.name: there is no model 'cnn'"),
        ({"teacher": {"model": {"filter": 3}}}, r"big\.yaml: model: unknown option 'filter'\n.*did you mean 'filters'"),
        ({"teacher": {"model": {"filters": "3 or 4"}}}, r"big\.yaml: model\.filters: '3 or 4' is not of type int"),
        ({"student": {"model": {"unit": 3}}}, r"plain\.yaml: model: unknown option 'unit'"),
        ({"teacher": {"model": {"filters": 0}}}, r"big\.yaml: model\.filters: 0 is out of range\n.* of at least 1"),
        ({"student": {"model": {"dropout": 2}}}, r"plain\.yaml: model\.dropout: 2 is out of range\n.* below 0\.5"),
        ({"teacher": {"model": {"activation": "rlu"}}}, r"big\.yaml: model\.activation: there is no .*\n.*mean 'relu'"),
        (
            {"baseline": {"heads": ["mean", "lower", "upper"], "loss": {"name": "pinball", "level": 90}}},
            r"noisy\.yaml: loss\.level: 90 is out of range\n  expected: a number above 0 and below 1",
        ),
        (
            {"teacher": {"learning_rate_schedule": {"warm_up": 0.3}}},
            r"big\.yaml: learning_rate_schedule: `warm_up` has no effect with the schedule 'reduce_on_plateau'",
        ),
    ],
)
def test_a_module_or_option_that_does_not_exist_is_named(configure, changes, message):
    with pytest.raises(DeguError, match=message):
        configure(**changes)


@pytest.mark.parametrize("name", ["gaussian", "beta_gaussian", "laplace", "gaussian_as_published"])
def test_a_likelihood_whose_standard_deviations_may_be_negative_is_refused(configure, name):
    assert loss_declaration(name).positive
    message = (
        rf"noisy\.yaml: uncertainty\.link: the loss '{name}' needs standard deviations above 0\n  expected: softplus"
    )
    with pytest.raises(DeguError, match=message):
        configure(baseline={"loss": {"name": name}})
    for link in ("softplus", "log_variance"):
        configure(baseline={"loss": {"name": name}, "uncertainty": {"link": link}})


def test_a_link_that_a_student_takes_over_from_its_teacher_is_checked_like_its_own(configure):
    own = {"loss": {"name": "crps_of_members"}}
    with pytest.raises(DeguError, match=r"plain\.yaml: uncertainty\.link: the loss 'crps_of_members' needs"):
        configure(student=own)
    student = configure(student=own, teacher={"uncertainty": {"link": "softplus"}}).student("big", "plain")
    assert student["uncertainty"]["link"] == "softplus"


def test_a_loss_with_parameters_of_its_own_needs_no_link(configure):
    baseline = {"heads": ["mean", "aleatoric", "epistemic"], "loss": {"name": "evidential"}}
    assert configure(baseline=baseline).teacher("big-noisy")["uncertainty"]["link"] == "identity"


def test_a_ridge_regression_beside_the_log_odds_of_labels_is_refused(configure):
    labels = {"heads": ["mean"], "loss": {"name": "binary_crossentropy"}, "kmer_ridge_weight": 0.5}
    with pytest.raises(DeguError, match=r"big\.yaml: kmer_ridge_weight: a ridge regression on k-mers predicts activ"):
        configure(teacher=labels, dataset={"labels": True}, study={"students": []})


def test_a_loss_for_classes_is_refused_since_nothing_evaluates_them(configure):
    message = (
        r"noisy\.yaml: loss\.name: the loss 'categorical_crossentropy' predicts probabilities(.|\n)*expected: binary_"
    )
    with pytest.raises(DeguError, match=message):
        configure(baseline={"loss": {"name": "categorical_crossentropy"}})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"baseline": {"heads": ["mean"], **BASELINE}},
            r"noisy\.yaml: heads: the loss 'gaussian' makes the heads \['mean', 'aleatoric'\], and the recipe has "
            r"\['mean'\]\n  remedy:   add \['aleatoric'\], or name another loss",
        ),
        (
            {"baseline": {"loss": {"name": "evidential"}}},
            r"noisy\.yaml: heads: the loss 'evidential' makes the heads (.|\n)*add \['epistemic'\]",
        ),
        ({"baseline": {"loss": {"name": "pinball"}}}, r"noisy\.yaml: heads: (.|\n)*add \['lower', 'upper'\]"),
        (
            {"student": {"heads": ["mean", "aleatoric"], "loss": {"name": "squared_wasserstein"}}},
            r"plain\.yaml: heads: (.|\n)*add \['epistemic'\]",
        ),
    ],
)
def test_the_heads_that_a_loss_makes_must_be_named(configure, changes, message):
    with pytest.raises(DeguError, match=message):
        configure(**changes)


@pytest.mark.parametrize(
    ("recipe", "missing"),
    [
        ({"heads": ["mean", "epistemic"]}, "epistemic"),
        ({"heads": ["mean", "lower"]}, "lower"),
        ({"heads": ["mean", "epistemic"], "loss": {"name": "gaussian_of_members"}}, "epistemic"),
        ({"heads": ["mean", "epistemic"], "loss": {"name": "crps_of_members"}}, "member_mean"),
        ({"heads": ["mean", "aleatoric", "epistemic"], "loss": {"name": "evidential_of_members"}}, "member_mean"),
        ({"heads": ["mean", "aleatoric", "epistemic"], "loss": {"name": "gaussian"}}, "epistemic"),
    ],
)
@pytest.mark.parametrize("kind", ["teacher", "baseline"])
def test_a_teacher_cannot_be_trained_on_what_only_an_ensemble_knows(configure, kind, recipe, missing):
    recipe = {"uncertainty": {"link": "softplus"}, **recipe}
    file = {"teacher": "big", "baseline": "noisy"}[kind]
    message = rf"{file}\.yaml: heads and loss: '{missing}' is not measured(.|\n)*keep it for a student"
    with pytest.raises(DeguError, match=message):
        configure(**{kind: recipe})


@pytest.mark.parametrize(
    ("changes", "head", "expected"),
    [
        ({"teacher": {"head_weights": {"epistemic": 2.0}}}, "epistemic", r"\['mean', 'aleatoric'\]"),
        ({"baseline": {**BASELINE, "head_weights": {"aleatoric": 2.0}}}, "aleatoric", r"\[\]"),
        (
            {"student": {"head_weights": {"lower": 2.0}}},
            "lower",
            r"\['mean', 'aleatoric', 'epistemic'\]",
        ),
    ],
)
def test_weights_without_effect_are_refused(configure, changes, head, expected):
    message = rf"head_weights: the weight of '{head}' has no effect(.|\n)*expected: heads among {expected}"
    with pytest.raises(DeguError, match=message):
        configure(**changes)


@pytest.mark.parametrize("loss", ["mean_squared_error", "multinomial", "poisson_profile"])
@pytest.mark.parametrize("heads", [["mean"], ["mean", "profile"]])
def test_weights_by_counts_need_a_profile_and_a_mean_of_its_own(configure, loss, heads):
    recipe = copy.deepcopy(configure().teacher("big"))
    recipe |= {"heads": heads, "loss": {"name": loss}, "head_weights": "median_count", "monitor": "loss"}
    if "profile" in heads and loss != "poisson_profile":
        assert check_recipe(recipe, "mine.yaml") is recipe
        return
    with pytest.raises(DeguError, match=r"mine\.yaml: head(s|_weights): (`median_count` has no|the loss .* makes the)"):
        check_recipe(recipe, "mine.yaml")


@pytest.mark.parametrize("loss", ["poisson_profile", "negative_binomial"])
def test_a_loss_of_counts_is_refused_if_targets_are_scaled(configure, loss):
    recipe = {"loss": {"name": loss}, "target_scaling": "standard"}
    message = rf"big\.yaml: target_scaling: the loss '{loss}' needs targets as they are(.|\n)*expected: none"
    with pytest.raises(DeguError, match=message):
        configure(teacher=recipe)


def test_weights_of_heads_that_a_loss_does_not_take_have_an_effect(configure):
    own = {
        "loss": {"name": "gaussian_of_members"},
        "uncertainty": {"link": "softplus"},
        "head_weights": {"aleatoric": 3},
    }
    assert configure(student=own).student("big", "plain")["head_weights"] == {"aleatoric": 3}
