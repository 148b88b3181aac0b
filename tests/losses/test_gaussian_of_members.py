"""Distillation by likelihood against the likelihood of each member."""

import numpy as np
from scipy import stats

from degu.losses.gaussian_of_members import loss
from tests.losses.arrays import every_type, gradients_of, single, value_of


def example(members: int = 5) -> tuple[np.ndarray, dict, dict]:
    """Return the members' means, (B, M, T), what the loss is given of them, and a student."""
    rng = np.random.default_rng(7)
    means = single(rng.normal(size=(30, members, 2)))
    true = {"mean": means.mean(axis=1), "epistemic": means.std(axis=1)}
    return means, true, {"mean": single(rng.normal(size=(30, 2))), "epistemic": single(rng.uniform(0.2, 2, (30, 2)))}


@every_type
def test_it_is_the_mean_over_members_of_their_negative_log_likelihood(dtype, near):
    means, true, predicted = example()
    student = stats.norm(predicted["mean"][:, None], predicted["epistemic"][:, None])
    expected = -student.logpdf(means).mean(axis=1)
    np.testing.assert_allclose(value_of(loss, true, predicted, dtype), expected, rtol=near, atol=near)


def test_a_student_that_is_its_ensemble_has_no_gradient():
    _, true, _ = example()
    gradients = gradients_of(loss, true, true)
    np.testing.assert_allclose(gradients["mean"], 0, atol=1e-9)
    np.testing.assert_allclose(gradients["epistemic"], 0, atol=1e-9)


def test_it_pulls_to_the_mean_of_the_members_and_to_their_std_about_the_students_mean():
    _, true, predicted = example()
    gradients = gradients_of(loss, true, predicted)
    error = true["mean"] - predicted["mean"]
    np.testing.assert_array_equal(np.sign(gradients["mean"]), -np.sign(error))
    best = np.sqrt(error**2 + true["epistemic"] ** 2)
    np.testing.assert_array_equal(np.sign(gradients["epistemic"]), np.sign(predicted["epistemic"] - best))


def test_members_that_agree_are_no_matter():
    true = {"mean": np.array([[1.0]]), "epistemic": np.array([[0.0]])}
    predicted = {"mean": np.array([[0.5]]), "epistemic": np.array([[0.2]])}
    np.testing.assert_allclose(value_of(loss, true, predicted), -stats.norm.logpdf([[1.0]], 0.5, 0.2))
