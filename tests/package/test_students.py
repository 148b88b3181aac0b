"""Several students as one."""

import numpy as np

from degu.package.students import combine


def test_means_are_averaged_and_standard_deviations_by_their_squares():
    students = [
        {"mean": np.array([[1.0, 2.0]]), "epistemic": np.array([[3.0, -1.0]]), "lower": np.array([[0.0, 4.0]])},
        {"mean": np.array([[2.0, 4.0]]), "epistemic": np.array([[4.0, 2.0]]), "lower": np.array([[1.0, 4.0]])},
    ]
    together = combine(students)
    np.testing.assert_allclose(together["mean"], [[1.5, 3.0]])
    np.testing.assert_allclose(together["lower"], [[0.5, 4.0]])
    np.testing.assert_allclose(together["epistemic"], np.sqrt([[(9 + 16) / 2, (0 + 4) / 2]]))
    assert {values.dtype for values in together.values()} == {np.dtype(np.float32)}


def test_one_student_stays_as_it_is():
    student = {"mean": np.array([[1.0]], dtype=np.float32), "epistemic": np.array([[-1.0]], dtype=np.float32)}
    assert combine([student]) == student


def test_profiles_are_averaged_and_their_standard_deviations_by_their_squares():
    rng = np.random.default_rng(1)
    profiles = rng.dirichlet(np.ones(12), size=(3, 5, 2)).reshape(3, 5, 2, 2, 6)
    stds = rng.gamma(2, size=(3, 5, 2, 2, 3))
    together = combine(
        [{"profile": profile, "profile_epistemic": std} for profile, std in zip(profiles, stds, strict=True)]
    )
    np.testing.assert_allclose(together["profile"], (profiles[0] + profiles[1] + profiles[2]) / 3, rtol=1e-6)
    np.testing.assert_allclose(together["profile"].sum(axis=(-2, -1)), 1, rtol=1e-6)
    np.testing.assert_allclose(together["profile_epistemic"], np.linalg.norm(stds, axis=0) / np.sqrt(3), rtol=1e-6)
