"""The score of a student's normal distribution at each member, against another implementation and its definition."""

import numpy as np
import pytest
from scipy import integrate, stats

from degu.losses.crps_of_members import loss
from degu.uncertainty.scores import crps_normal
from tests.losses.arrays import every_type, gradients_of, single, value_of


def example(members: int = 4) -> tuple[dict, dict]:
    rng = np.random.default_rng(8)
    true = {"member_mean": single(rng.normal(size=(30, members, 2)))}
    return true, {"mean": single(rng.normal(size=(30, 2))), "epistemic": single(rng.uniform(0.05, 2, size=(30, 2)))}


@every_type
def test_it_is_the_mean_over_members_of_their_score(dtype, near):
    true, predicted = example()
    scores = [
        crps_normal(true["member_mean"][:, member], predicted["mean"], predicted["epistemic"]) for member in range(4)
    ]
    np.testing.assert_allclose(value_of(loss, true, predicted, dtype), np.mean(scores, axis=0), rtol=near, atol=near)


def test_it_is_the_integral_of_the_squared_difference_of_the_distribution_functions():
    true = {"member_mean": np.array([[[0.7], [-1.2]]])}
    student = stats.norm(0.3, 0.8)
    integrals = [
        integrate.quad(lambda x: student.cdf(x) ** 2, -12, y)[0]
        + integrate.quad(lambda x: student.sf(x) ** 2, y, 12)[0]
        for y in (0.7, -1.2)
    ]
    predicted = {"mean": np.array([[0.3]]), "epistemic": np.array([[0.8]])}
    assert value_of(loss, true, predicted).item() == pytest.approx(np.mean(integrals), rel=1e-6)


def test_the_order_of_the_members_is_no_matter():
    true, predicted = example()
    turned = {"member_mean": true["member_mean"][:, ::-1]}
    np.testing.assert_allclose(value_of(loss, turned, predicted), value_of(loss, true, predicted), rtol=1e-12)


def test_it_punishes_a_student_far_off_or_too_sure_or_too_unsure():
    means = np.random.default_rng(9).normal(size=(1, 20_000, 1))

    def gradient(mean: float, std: float) -> dict:
        student = {"mean": np.array([[mean]]), "epistemic": np.array([[std]])}
        return gradients_of(loss, {"member_mean": means}, student)

    assert gradient(0.5, 1.0)["mean"] > 0 > gradient(-0.5, 1.0)["mean"]
    assert gradient(0.0, 1.5)["epistemic"] > 0 > gradient(0.0, 0.7)["epistemic"]
    # It is proper: the members' own distribution is the best.
    assert abs(gradient(0.0, 1.0)["epistemic"]).item() < 0.01
