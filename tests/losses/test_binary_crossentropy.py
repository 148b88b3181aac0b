"""Binary cross-entropy against SciPy's Bernoulli distribution."""

import numpy as np
import pytest
from scipy import special, stats

from degu.errors import DeguError
from degu.losses.binary_crossentropy import check, loss
from degu.outputs.heads import Heads
from degu.outputs.outputs import Outputs
from tests.losses.arrays import every_type, gradients_of, single, value_of


def example() -> tuple[dict, dict]:
    rng = np.random.default_rng(4)
    return {"measured": single(rng.integers(0, 2, size=(40, 3)))}, {"mean": single(rng.normal(0, 5, size=(40, 3)))}


@every_type
def test_it_is_the_negative_log_likelihood_of_the_labels(dtype, near):
    true, predicted = example()
    probability = special.expit(predicted["mean"].astype(np.float64))
    expected = -stats.bernoulli.logpmf(true["measured"].astype(int), probability)
    np.testing.assert_allclose(value_of(loss, true, predicted, dtype), expected, rtol=near, atol=10 * near)


def test_its_gradient_is_probability_less_label():
    true, predicted = example()
    expected = special.expit(predicted["mean"]) - true["measured"]
    np.testing.assert_allclose(gradients_of(loss, true, predicted)["mean"], expected, atol=1e-5)


def test_large_log_odds_overflow_nothing():
    true, predicted = {"measured": single([[0.0, 1.0]])}, {"mean": single([[500.0, 500.0]])}
    np.testing.assert_allclose(value_of(loss, true, predicted), [[500.0, 0.0]])


def test_labels_pass_and_what_is_no_label_is_told():
    outputs = Outputs(Heads(("mean",), ("a", "b")), loss="binary_crossentropy")
    measured = np.array([[0.0, 1.0], [1.0, 0.0]], dtype=np.float32)
    check({"measured": measured}, outputs)
    with pytest.raises(DeguError, match=r"4 of 4 measurements are no labels, such as 2(.|\n)*expected: 0 or 1"):
        check({"measured": measured + 2}, outputs)
