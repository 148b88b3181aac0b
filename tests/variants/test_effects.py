"""Effects and their standard deviations, from predictions of known numbers."""

import numpy as np

from degu.outputs.heads import Heads
from degu.prediction.ensemble import Predictions
from degu.variants.effects import HEAD, MEMBERS, SUM, effects_of_baseline, effects_of_members, effects_of_students
from degu.variants.prediction import PairPredictions

RNG = np.random.default_rng(2)
REFERENCE, ALTERNATIVE = RNG.normal(size=(2, 4, 6, 2)).astype(np.float32)
STDS = RNG.normal(size=(2, 4, 6, 2)).astype(np.float32)


def pairs(heads=("mean",), std=None):
    names = Heads(heads, ("one", "two"))
    parts = [REFERENCE, ALTERNATIVE]
    if "epistemic" in heads:
        parts = [np.concatenate(own, axis=2) for own in zip(parts, STDS, strict=True)]
    values = {f"native-{allele}": own for allele, own in zip(("reference", "alternative"), parts, strict=True)}
    return PairPredictions(Predictions(values, names, [1, 2, 3, 4]), ["native"], std or {})


def test_members_and_their_ensemble():
    *members, ensemble = effects_of_members(pairs(), "native", 1)
    assert [(own.model, own.seed, own.std) for own in members] == [("member", seed, {}) for seed in (1, 2, 3, 4)]
    differences = (ALTERNATIVE.astype(float) - REFERENCE)[..., 1]
    np.testing.assert_allclose(np.stack([own.effect for own in members]), differences)
    np.testing.assert_allclose(ensemble.effect, differences.mean(axis=0))
    np.testing.assert_allclose(
        ensemble.std[MEMBERS], np.sqrt(np.mean((differences - differences.mean(axis=0)) ** 2, axis=0))
    )
    variances = REFERENCE[..., 1].astype(float).var(axis=0) + ALTERNATIVE[..., 1].astype(float).var(axis=0)
    np.testing.assert_allclose(ensemble.std[SUM], np.sqrt(variances))


def test_students_and_their_heads():
    head = {"native": np.arange(12.0).reshape(6, 2)}
    students = list(effects_of_students(pairs(("mean", "epistemic"), head), "native", 0, "degu"))
    assert [(own.model, own.student, own.seed) for own in students] == [
        ("student", "degu", seed) for seed in (1, 2, 3, 4)
    ]
    np.testing.assert_array_equal(students[0].std[HEAD], head["native"][:, 0])
    # The head belongs to the first student.
    assert [set(own.std) for own in students] == [{HEAD, SUM}, {SUM}, {SUM}, {SUM}]
    clipped = np.maximum(STDS[..., 0].astype(float), 0)
    for number, own in enumerate(students):
        np.testing.assert_allclose(own.std[SUM], np.sqrt(clipped[0, number] ** 2 + clipped[1, number] ** 2))


def test_a_student_without_uncertainty_has_none():
    assert [own.std for own in effects_of_students(pairs(), "native", 0, "plain")] == [{}] * 4


def test_a_baseline_is_one_model():
    (own,) = effects_of_baseline(pairs(), "native", 0, "kmer_ridge")
    np.testing.assert_allclose(own.effect, (ALTERNATIVE.astype(float) - REFERENCE)[0, :, 0])
    assert (own.model, own.seed, own.std) == ("kmer_ridge", -1, {})
