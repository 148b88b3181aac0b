"""The multinomial likelihood against SciPy's."""

import numpy as np
import pytest
from scipy import special, stats

from degu.errors import DeguError
from degu.losses.multinomial import check, heads, loss
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from tests.losses.arrays import every_type, flat, gradients_of, profile_of_counts, tensors, value_of


def example() -> tuple[dict, dict]:
    counts, logits = profile_of_counts()
    return {"profile": counts}, {"profile_logits": logits}


@every_type
def test_it_is_the_negative_log_likelihood_over_strands_and_positions_together(dtype, near):
    true, parameters = example()
    counts, probabilities = flat(true["profile"]), special.softmax(flat(parameters["profile_logits"]), axis=-1)
    expected = [
        [-stats.multinomial.logpmf(counts[row, target], counts[row, target].sum(), probabilities[row, target])]
        for row in range(len(counts))
        for target in range(2)
    ]
    values = value_of(loss, true, parameters, dtype)
    np.testing.assert_allclose(values, np.reshape(expected, (-1, 2)), rtol=near, atol=10 * near)


def test_its_gradient_is_the_expected_less_the_measured_counts():
    true, parameters = example()
    counts, probabilities = flat(true["profile"]), special.softmax(flat(parameters["profile_logits"]), axis=-1)
    expected = counts.sum(axis=-1, keepdims=True) * probabilities - counts
    gradient = gradients_of(loss, true, parameters)["profile_logits"]
    np.testing.assert_allclose(flat(gradient), expected, atol=1e-9)


@every_type
def test_the_profile_sums_to_one_for_each_target_and_does_not_change_with_an_offset(dtype, near):
    _, parameters = example()
    profile, moved = (
        heads(tensors({"profile_logits": parameters["profile_logits"] + offset}, dtype))["profile"].numpy()
        for offset in (0, 300)
    )
    np.testing.assert_allclose(profile.sum(axis=(2, 3)), 1, rtol=near)
    np.testing.assert_allclose(moved, profile, rtol=near)
    assert (profile > 0).all()


def test_logits_far_apart_overflow_nothing():
    counts = np.array([[[[3.0, 0.0, 2.0]]]])
    parameters = {"profile_logits": np.array([[[[0.0, 800.0, -800.0]]]])}
    for dtype in ("float32", "float64"):
        # Three counts at a logarithm of -800, two at one of -1600, in 10 arrangements.
        value = value_of(loss, {"profile": counts}, parameters, dtype)
        np.testing.assert_allclose(value, [[3 * 800 + 2 * 1600 - np.log(10)]], rtol=1e-6)
    assert np.isfinite(gradients_of(loss, {"profile": counts}, parameters)["profile_logits"]).all()


def test_a_target_without_counts_adds_nothing():
    true, parameters = example()
    np.testing.assert_allclose(value_of(loss, true, parameters)[0], 0, atol=1e-8)
    np.testing.assert_array_equal(gradients_of(loss, true, parameters)["profile_logits"][0], 0)


def test_counts_pass_and_probabilities_and_negative_numbers_are_told():
    outputs = Outputs(Heads(("mean", "profile"), ("a", "b"), {"profile": (2, 9)}), loss="multinomial")
    counts, _ = profile_of_counts()
    check({"profile": counts}, outputs)
    check({"profile": counts.astype(np.uint32)}, outputs)
    for wrong in (counts + 0.25, -counts - 1):
        with pytest.raises(DeguError, match=r"loss: multinomial: 432 of 432 values of the profiles are no counts"):
            check({"profile": wrong}, outputs)
