"""What designers promise, against sums by hand."""

import numpy as np
import pytest

from degu.design.promise import Promise, designing, index_of, promise_of
from degu.errors import DeguError
from degu.outputs.heads import Heads
from degu.prediction.ensemble import Predictions
from tests.conftest import small_store

VALUES = np.random.default_rng(1).uniform(0.1, 2, size=(4, 7, 2)).astype(np.float32)
MEMBERS = Predictions({"part": VALUES}, Heads(("mean",), ("one", "two")), [1, 2, 4, 5])
STUDENTS = Predictions({"part": VALUES[:2]}, Heads(("mean", "epistemic"), ("one",)), [1, 2])


def test_an_ensemble_promises_the_mean_of_its_members_and_knows_their_spread():
    promise = promise_of(designing({"members": MEMBERS}, "ensemble"), "part", 1)
    np.testing.assert_allclose(promise.mean, VALUES[..., 1].mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(promise.std, VALUES[..., 1].std(axis=0), rtol=1e-5)


def test_a_member_promises_its_mean_and_knows_nothing():
    promise = promise_of(designing({"members": MEMBERS}, "member"), "part", 0)
    np.testing.assert_allclose(promise.mean, VALUES[0, :, 0])
    assert promise.std is None
    np.testing.assert_array_equal(promise.score(0), promise.mean)
    with pytest.raises(DeguError, match="no epistemic standard deviation"):
        promise.score(1)


def test_the_first_student_promises_its_own_heads():
    promise = promise_of(designing({"members": MEMBERS, "students": STUDENTS}, "student"), "part", 0)
    np.testing.assert_allclose(promise.mean, VALUES[0, :, 0])
    np.testing.assert_allclose(promise.std, VALUES[0, :, 1])


def test_a_penalty_takes_standard_deviations_off_the_mean():
    promise = Promise(np.array([1.0, 2.0]), np.array([0.5, 3.0]))
    np.testing.assert_allclose(promise.score(2), [0.0, -4.0])


def test_the_first_target_is_meant_unless_another_is_named():
    store = small_store(rows=4, targets=2)
    store.target_names = ["Dev", "Hk"]
    assert index_of(None, store) == 0
    assert index_of("Hk", store) == 1
    with pytest.raises(DeguError, match=r"design: designs: there is no target 'Hkk'\n.*did you mean 'Hk'"):
        index_of("Hkk", store)
