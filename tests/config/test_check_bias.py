"""Teachers with a network of the bias of an enzyme."""

import pytest

from degu.errors import DeguError
from tests.config.conftest import PROFILES

BIAS = PROFILES | {"windows": {"rows": "negatives"}}
WITH_BIAS = {"bias": "enzyme", "windows": {"jitter": 5}}


def test_a_teacher_may_name_another_one_as_its_bias_network(profiles):
    configuration = profiles(teacher=WITH_BIAS, enzyme=BIAS)
    assert configuration.teacher("net")["bias"] == "enzyme"
    assert configuration.teacher("enzyme")["windows"]["rows"] == "negatives"
    # Students have no bias network of their own.
    assert "bias" not in configuration.student("net", "follower")


def test_members_with_and_without_their_bias_are_the_same_trainings(profiles):
    kept = profiles(teacher=WITH_BIAS, enzyme=BIAS)
    removed = profiles(teacher={**WITH_BIAS, "prediction": {"bias": "remove"}}, enzyme=BIAS)
    assert removed.teacher("net")["prediction"]["bias"] == "remove"
    assert removed.training("net") == kept.training("net")


@pytest.mark.parametrize(
    ("enzyme", "message"),
    [
        (PROFILES, r"net\.yaml: bias: the teacher 'enzyme' is trained on regions"),
        (BIAS | {"bias": "net"}, r"net\.yaml: bias: the teacher 'enzyme' has a bias network itself, 'net'"),
        (
            {"model": {"name": "motif_cnn"}, "heads": ["mean"], "windows": {"rows": "negatives"}},
            r"net\.yaml: bias: the bias network 'enzyme' does not put out 'profile_logits'",
        ),
        (BIAS | {"loss": {"name": "poisson_profile"}}, r"net\.yaml: bias: the bias network 'enzyme' .* put out 'mean'"),
        (
            BIAS | {"kmer_ridge_weight": 0.5},
            r"net\.yaml: bias: the bias network 'enzyme' has `kmer_ridge_weight: 0\.5`",
        ),
        (BIAS | {"strands": "both"}, r"net\.yaml: bias: the bias network 'enzyme' has `strands: both`"),
    ],
)
def test_a_teacher_that_cannot_be_a_bias_network_is_refused(profiles, enzyme, message):
    with pytest.raises(DeguError, match=message):
        profiles(teacher=WITH_BIAS, enzyme=enzyme)


def test_a_bias_network_that_does_not_exist_is_refused(profiles):
    with pytest.raises(DeguError, match=r"(?s)net\.yaml: bias: .*'enzime'.*enzyme"):
        profiles(teacher={**WITH_BIAS, "bias": "enzime"}, enzyme=BIAS)


def test_a_teacher_is_not_its_own_bias_network(profiles):
    with pytest.raises(DeguError, match="the teacher 'net' has a bias network itself"):
        profiles(teacher={**WITH_BIAS, "bias": "net"})


@pytest.mark.parametrize(
    ("teacher", "message"),
    [
        ({"loss": {"name": "negative_binomial"}, "heads": ["mean", "aleatoric", "profile"]}, "does not put out 'mean'"),
        ({"kmer_ridge_weight": 0.5}, "cannot contain a ridge regression"),
    ],
)
def test_a_network_that_no_bias_can_be_added_to_is_refused(profiles, teacher, message):
    teacher = {**WITH_BIAS, **teacher, "uncertainty": {"link": "softplus"}}
    with pytest.raises(DeguError, match=rf"net\.yaml: .*{message}"):
        profiles(teacher=teacher, enzyme=BIAS)


def test_a_data_set_without_negatives_has_nothing_to_learn_a_bias_from(profiles):
    with pytest.raises(DeguError, match=r"counted\.yaml: options: 'enzyme' is trained on negatives"):
        profiles({"negatives": 0}, teacher=WITH_BIAS, enzyme=BIAS)


def test_without_a_bias_network_there_is_none_to_remove(profiles):
    with pytest.raises(DeguError, match=r"net\.yaml: prediction\.bias: there is no bias network to take out"):
        profiles(teacher={"prediction": {"bias": "remove"}, "windows": {"jitter": 5}})


def test_a_student_without_bias_is_not_compared_with_measurements(profiles):
    teacher = {**WITH_BIAS, "prediction": {"bias": "remove"}}
    with pytest.raises(DeguError, match=r"follower\.yaml: validation_targets: .*without the bias of the enzyme"):
        profiles(teacher=teacher, student={"validation_targets": "measured"}, enzyme=BIAS)
