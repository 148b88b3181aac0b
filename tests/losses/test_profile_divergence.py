"""The divergence between profiles against SciPy's, and against the likelihood of single members."""

from functools import partial

import numpy as np
import pytest
from scipy import special, stats

from degu.errors import DeguError
from degu.losses.profile_divergence import check, heads, loss
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from tests.losses.arrays import every_type, flat, gradients_of, profile_of_counts, single, tensors, value_of


def example() -> tuple[dict, dict]:
    """Return an ensemble's profiles, in which some positions have the probability 0, and a student's logits."""
    counts, logits = profile_of_counts()
    counts[..., 0] += 1
    profile = counts / counts.sum(axis=(2, 3), keepdims=True)
    assert (profile == 0).any()
    return {"profile": single(profile)}, {"profile_logits": logits}


@every_type
def test_it_is_the_relative_entropy_where_a_probability_of_zero_adds_nothing(dtype, near):
    true, parameters = example()
    student = special.softmax(flat(parameters["profile_logits"]), axis=-1)
    expected = stats.entropy(flat(true["profile"]), student, axis=-1)
    np.testing.assert_allclose(value_of(loss, true, parameters, dtype), expected, rtol=near, atol=1e-6)


def test_its_gradient_is_the_students_profile_less_the_ensembles():
    true, parameters = example()
    student = special.softmax(flat(parameters["profile_logits"]), axis=-1)
    gradient = gradients_of(loss, true, parameters)["profile_logits"]
    np.testing.assert_allclose(flat(gradient), student - flat(true["profile"]), atol=1e-6)


def test_a_weight_multiplies_it():
    true, parameters = example()
    plain, weighted = (value_of(partial(loss, weight=weight), true, parameters) for weight in (1.0, 30.0))
    np.testing.assert_allclose(weighted, 30 * plain, rtol=1e-6)


def test_a_student_of_the_ensembles_profile_has_no_divergence():
    _, parameters = example()
    profile = heads(tensors(parameters, "float64"))["profile"].numpy()
    np.testing.assert_allclose(value_of(loss, {"profile": profile}, parameters), 0, atol=1e-12)


def test_the_mean_divergence_from_each_member_differs_by_a_constant():
    rng = np.random.default_rng(25)
    members = special.softmax(rng.normal(0, 2, size=(5, 6, 1, 14)), axis=-1).reshape(5, 6, 1, 2, 7)
    ensemble = {"profile": members.mean(axis=0)}
    logits = [{"profile_logits": rng.normal(size=(6, 1, 2, 7))} for _ in range(2)]
    differences, gradients = [], []
    for parameters in logits:
        of_members = np.mean([value_of(loss, {"profile": member}, parameters) for member in members], axis=0)
        differences.append(of_members - value_of(loss, ensemble, parameters))
        gradients = [gradients_of(loss, {"profile": member}, parameters)["profile_logits"] for member in members]
        expected = gradients_of(loss, ensemble, parameters)["profile_logits"]
        np.testing.assert_allclose(np.mean(gradients, axis=0), expected, atol=1e-12)
    np.testing.assert_allclose(differences[0], differences[1], rtol=1e-9)
    assert (differences[0] > 0.1).all()


def test_probabilities_pass_and_counts_are_told():
    outputs = Outputs(Heads(("mean", "profile"), ("a", "b"), {"profile": (2, 9)}), loss="profile_divergence")
    true, _ = example()
    check(true, outputs)
    with pytest.raises(DeguError, match=r"loss: profile_divergence: 24 of 24 profiles are no probabilities, (.|\n)*4"):
        check({"profile": 4 * true["profile"]}, outputs)
    signed = true["profile"].copy()
    signed[0, 0, 0, :2] += [2, -2]
    with pytest.raises(DeguError, match="1 of 24 profiles are no probabilities"):
        check({"profile": signed}, outputs)
