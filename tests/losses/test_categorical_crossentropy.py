"""Categorical cross-entropy against SciPy's multinomial distribution of one draw."""

import numpy as np
import pytest
from scipy import special, stats

from degu.errors import DeguError
from degu.losses.categorical_crossentropy import check, heads, loss
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from tests.losses.arrays import every_type, gradients_of, single, tensors, value_of

CLASSES = 4
OUTPUTS = Outputs(Heads(("probability",), ("a", "b"), {"probability": (CLASSES,)}), loss="categorical_crossentropy")


def example() -> tuple[dict, dict]:
    rng = np.random.default_rng(4)
    measured = single(rng.integers(0, CLASSES, size=(40, 2)))
    return {"measured": measured}, {"logits": single(rng.normal(0, 3, size=(40, 2, CLASSES)))}


@every_type
def test_it_is_the_negative_log_likelihood_of_the_measured_class(dtype, near):
    true, parameters = example()
    probability = special.softmax(parameters["logits"], axis=-1)
    expected = np.empty((40, 2))
    for index in np.ndindex(40, 2):
        drawn = np.arange(CLASSES) == true["measured"][index]
        expected[index] = -stats.multinomial.logpmf(drawn, 1, probability[index] / probability[index].sum())
    np.testing.assert_allclose(value_of(loss, true, parameters, dtype), expected, rtol=near, atol=10 * near)


def test_its_gradient_is_probability_less_indicator():
    true, parameters = example()
    indicator = true["measured"][..., None] == np.arange(CLASSES)
    expected = special.softmax(parameters["logits"], axis=-1) - indicator
    np.testing.assert_allclose(gradients_of(loss, true, parameters)["logits"], expected, atol=1e-6)


def test_the_head_is_the_softmax_of_the_logits():
    _, parameters = example()
    found = heads(tensors(parameters, "float64"))["probability"].numpy()
    np.testing.assert_allclose(found, special.softmax(parameters["logits"], axis=-1), rtol=1e-9)


def test_large_logits_overflow_nothing():
    true, parameters = {"measured": single([[1.0]])}, {"logits": single([[[500.0, -500.0]]])}
    np.testing.assert_allclose(value_of(loss, true, parameters), [[1000.0]])


def test_class_numbers_pass():
    check({"measured": np.array([[0.0, 3.0], [2.0, 1.0]], dtype=np.float32)}, OUTPUTS)


@pytest.mark.parametrize("wrong", [4.0, -1.0, 0.5])
def test_what_is_no_class_number_is_told(wrong):
    measured = np.array([[0.0, 3.0], [wrong, 1.0]], dtype=np.float32)
    with pytest.raises(DeguError, match=rf"1 of 4 measurements (.|\n)*such as {wrong:g}\n.*from 0 to 3, for 4 classes"):
        check({"measured": measured}, OUTPUTS)
