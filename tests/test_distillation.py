"""What teachers and students are trained on."""

import numpy as np
import pytest

from conftest import small_store
from degu.distillation import measured_values, student_values
from degu.ensemble import Predictions
from degu.errors import DeguError
from degu.heads import Heads
from degu.splits import SPLITS
from degu.store import SequenceStore


def ensemble_of(store: SequenceStore, *names: str, members: int = 3) -> Predictions:
    """Return random predictions of an ensemble for a store."""
    rng = np.random.default_rng(4)
    heads = Heads(names, tuple(store.target_names))
    width = len(names) * len(store.target_names)
    values = {s: rng.uniform(0.1, 2, size=(members, len(store.rows(s)), width)).astype(np.float32) for s in SPLITS}
    return Predictions(values, heads, list(range(members)))


def student_heads(store: SequenceStore, *names: str) -> Heads:
    return Heads(names, tuple(store.target_names))


@pytest.mark.parametrize("targets", [1, 2])
def test_a_teachers_targets_are_measured_mean_and_std_over_replicates(targets):
    store = small_store(targets=targets)
    values = measured_values(store, student_heads(store, "mean", "aleatoric"))
    assert values.dtype == np.float32
    np.testing.assert_array_equal(values[:, :targets], store.targets)
    np.testing.assert_array_equal(values[:, targets:], store.replicate_std)


def test_a_teacher_of_the_mean_needs_no_replicates():
    store = small_store(replicates=False)
    np.testing.assert_array_equal(measured_values(store, student_heads(store, "mean")), store.targets)


@pytest.mark.parametrize(("head", "replicates"), [("aleatoric", False), ("epistemic", True)])
def test_a_teacher_cannot_learn_a_head_that_was_not_measured(head, replicates):
    store = small_store(replicates=replicates)
    with pytest.raises(DeguError, match=f"no measurement for the head '{head}'"):
        measured_values(store, student_heads(store, "mean", head))


@pytest.mark.parametrize("targets", [1, 2])
@pytest.mark.parametrize("split", SPLITS)
def test_a_student_learns_the_ensembles_values_and_is_watched_by_measured_ones(split, targets):
    store = small_store(targets=targets)
    ensemble = ensemble_of(store, "mean", "aleatoric")
    values = student_values(store, ensemble, student_heads(store, "mean", "aleatoric", "epistemic"))[split]
    rows = [row for row in range(len(store)) if SPLITS[store.split[row]] == split]
    expected = np.zeros((len(rows), 3 * targets))
    for place, row in enumerate(rows):
        for target in range(targets):
            means = [float(member[place, target]) for member in ensemble.values[split]]
            noises = [float(member[place, targets + target]) for member in ensemble.values[split]]
            mean = sum(means) / 3
            std = (sum((value - mean) ** 2 for value in means) / 3) ** 0.5
            trained_on = (mean, sum(noises) / 3)
            measured = (store.targets[row, target], store.replicate_std[row, target])
            expected[place, target], expected[place, targets + target] = trained_on if split == "train" else measured
            expected[place, 2 * targets + target] = std
    assert values.dtype == np.float32
    np.testing.assert_allclose(values, expected, rtol=1e-6)


@pytest.mark.parametrize("targets", [1, 2])
def test_a_student_of_mean_only_teachers_needs_no_replicates(targets):
    store = small_store(targets=targets, replicates=False)
    ensemble = ensemble_of(store, "mean")
    values = student_values(store, ensemble, student_heads(store, "mean", "epistemic"))
    np.testing.assert_allclose(values["train"][:, :targets], ensemble.values["train"].mean(axis=0), rtol=1e-6)
    np.testing.assert_array_equal(values["test"][:, :targets], store.targets[store.rows("test")])
    for split in SPLITS:
        np.testing.assert_allclose(values[split][:, targets:], np.std(ensemble.values[split], axis=0), rtol=1e-4)


def test_heads_come_in_the_students_order_and_not_the_teachers():
    store = small_store(targets=2)
    ensemble = ensemble_of(store, "mean", "aleatoric")
    usual = student_values(store, ensemble, student_heads(store, "mean", "aleatoric", "epistemic"))
    swapped = student_values(store, ensemble, student_heads(store, "mean", "epistemic", "aleatoric"))
    fewer = student_values(store, ensemble, student_heads(store, "mean", "epistemic"))
    for split in SPLITS:
        np.testing.assert_array_equal(swapped[split], usual[split][:, [0, 1, 4, 5, 2, 3]])
        np.testing.assert_array_equal(fewer[split], usual[split][:, [0, 1, 4, 5]])


def test_a_student_cannot_have_a_head_that_its_teacher_lacks(store):
    with pytest.raises(DeguError, match="'aleatoric' is not one of its teacher"):
        student_values(store, ensemble_of(store, "mean"), student_heads(store, "mean", "aleatoric"))


def test_one_member_has_no_disagreement(store):
    ensemble = ensemble_of(store, "mean", members=1)
    with pytest.raises(DeguError, match="over one member"):
        student_values(store, ensemble, student_heads(store, "mean", "epistemic"))
    values = student_values(store, ensemble, student_heads(store, "mean"))
    np.testing.assert_allclose(values["train"], ensemble.values["train"][0], rtol=1e-6)


def test_an_aleatoric_teacher_without_measured_replicates_is_told_to_a_person():
    store = small_store(replicates=False)
    with pytest.raises(DeguError, match="replicates"):
        student_values(store, ensemble_of(store, "mean", "aleatoric"), student_heads(store, "mean", "aleatoric"))
