"""The divergence between normal distributions against its integral."""

import numpy as np
import pytest
from scipy import integrate, stats

from degu.losses import gaussian_of_members
from degu.losses.kullback_leibler import FLOOR, loss
from tests.losses.arrays import every_type, gradients_of, single, value_of


def example(rows: int = 12) -> tuple[dict, dict]:
    rng = np.random.default_rng(10)

    def heads() -> dict:
        return {"mean": single(rng.normal(size=(rows, 2))), "epistemic": single(rng.uniform(0.3, 1.5, size=(rows, 2)))}

    return heads(), heads()


def divergence(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Return the integral of p log(p / q)."""
    p, q = stats.norm(*first), stats.norm(*second)
    low, high = first[0] - 15 * first[1], first[0] + 15 * first[1]
    return integrate.quad(lambda x: p.pdf(x) * (p.logpdf(x) - q.logpdf(x)), low, high, limit=200)[0]


@pytest.mark.parametrize("reverse", [False, True])
@every_type
def test_it_is_the_integral_from_the_ensemble_or_reversed_from_the_student(reverse, dtype, near):
    true, predicted = example()
    values = value_of(loss, true, predicted, dtype, reverse=reverse)
    for row in range(len(values)):
        for target in range(2):
            ensemble, student = (
                (heads["mean"][row, target], heads["epistemic"][row, target]) for heads in (true, predicted)
            )
            expected = divergence(student, ensemble) if reverse else divergence(ensemble, student)
            assert values[row, target] == pytest.approx(expected, rel=max(near, 1e-7), abs=max(near, 1e-7))


def test_it_is_from_the_ensemble_unless_it_is_said_otherwise():
    true, predicted = example()
    np.testing.assert_array_equal(value_of(loss, true, predicted), value_of(loss, true, predicted, reverse=False))


@pytest.mark.parametrize("reverse", [False, True])
def test_it_is_above_zero_unless_student_and_ensemble_are_the_same(reverse):
    true, predicted = example()
    assert (value_of(loss, true, predicted, reverse=reverse) > 0).all()
    np.testing.assert_allclose(value_of(loss, true, true, reverse=reverse), 0, atol=1e-12)
    for gradient in gradients_of(loss, true, true, reverse=reverse).values():
        np.testing.assert_allclose(gradient, 0, atol=1e-9)


def test_from_the_ensemble_it_has_the_gradient_of_the_likelihood_of_the_members():
    true, predicted = example()
    one, other = (gradients_of(function, true, predicted) for function in (loss, gaussian_of_members.loss))
    for head in ("mean", "epistemic"):
        np.testing.assert_allclose(one[head], other[head], rtol=1e-9)
    reverse = gradients_of(loss, true, predicted, reverse=True)
    assert not np.allclose(reverse["epistemic"], one["epistemic"], rtol=0.1)


def test_reversed_it_punishes_a_student_wider_than_its_ensemble_more():
    true = {"mean": np.zeros((1, 1)), "epistemic": np.ones((1, 1))}
    wide = {"mean": np.zeros((1, 1)), "epistemic": np.full((1, 1), 3.0)}
    assert value_of(loss, true, wide, reverse=True) > value_of(loss, true, wide)


@pytest.mark.parametrize("reverse", [False, True])
def test_members_that_agree_have_the_smallest_std_that_is_taken(reverse):
    _, predicted = example()
    agreed, least = (
        {"mean": predicted["mean"] + 0.1, "epistemic": np.full_like(predicted["mean"], std)} for std in (0.0, FLOOR)
    )
    values = value_of(loss, agreed, predicted, reverse=reverse)
    assert np.isfinite(values).all()
    np.testing.assert_array_equal(values, value_of(loss, least, predicted, reverse=reverse))
