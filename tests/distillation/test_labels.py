"""What teachers and students are trained on."""

import numpy as np
import pytest

from degu.data.splits import SPLITS
from degu.data.store import SequenceStore
from degu.distillation.labels import measured_targets, student_targets
from degu.errors import DeguError
from degu.outputs.heads import Heads
from degu.prediction.ensemble import Predictions
from tests.conftest import small_store


def ensemble_of(store: SequenceStore, *names: str, members: int = 3) -> Predictions:
    """Return random predictions of an ensemble for a store."""
    rng = np.random.default_rng(4)
    heads = Heads(names, tuple(store.target_names))
    width = len(names) * len(store.target_names)
    values = {s: rng.uniform(0.1, 2, size=(members, len(store.rows(s)), width)).astype(np.float32) for s in SPLITS}
    return Predictions(values, heads, list(range(members)))


@pytest.mark.parametrize("targets", [1, 2])
def test_a_teachers_targets_are_measured_mean_and_std_over_replicates(targets):
    store = small_store(targets=targets)
    arrays = measured_targets(store, ("measured", "aleatoric", "mean", "replicate_std"))
    assert list(arrays) == ["measured", "aleatoric", "mean", "replicate_std"]
    np.testing.assert_array_equal(arrays["measured"], store.targets)
    np.testing.assert_array_equal(arrays["mean"], store.targets)
    np.testing.assert_array_equal(arrays["aleatoric"], store.replicate_std)
    np.testing.assert_array_equal(arrays["replicate_std"], store.replicate_std)


def test_a_teacher_that_does_not_read_replicates_needs_none():
    store = small_store(replicates=False)
    arrays = measured_targets(store, ("mean", "measured"))
    assert set(arrays) == {"mean", "measured"}
    np.testing.assert_array_equal(arrays["mean"], store.targets)


@pytest.mark.parametrize(
    ("name", "replicates"),
    [("aleatoric", False), ("replicate_std", False), ("epistemic", True), ("member_mean", True), ("lower", True)],
)
def test_a_teacher_cannot_learn_what_was_not_measured(name, replicates):
    store = small_store(replicates=replicates)
    with pytest.raises(DeguError, match=f"small: the data set has no measurement for '{name}'"):
        measured_targets(store, ("mean", name))


@pytest.mark.parametrize("validation", ["measured", "ensemble"])
@pytest.mark.parametrize("targets", [1, 2])
@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("noise", ["aleatoric", "replicate_std"])
def test_a_student_learns_the_ensembles_values_and_is_watched_by_those_asked_for(noise, split, targets, validation):
    store = small_store(targets=targets)
    ensemble = ensemble_of(store, "mean", noise)
    names = ("mean", noise, "epistemic")
    arrays = student_targets(store, ensemble, names, validation=validation)[split]
    assert list(arrays) == list(names)
    rows = [row for row in range(len(store)) if SPLITS[store.split[row]] == split]
    expected = {name: np.zeros((len(rows), targets)) for name in names}
    for place, row in enumerate(rows):
        for target in range(targets):
            means = [float(member[place, target]) for member in ensemble.values[split]]
            noises = [float(member[place, targets + target]) for member in ensemble.values[split]]
            mean = sum(means) / 3
            std = (sum((value - mean) ** 2 for value in means) / 3) ** 0.5
            predicted = (mean, sum(noises) / 3)
            measured = (store.targets[row, target], store.replicate_std[row, target])
            chosen = predicted if split == "train" or validation == "ensemble" else measured
            expected["mean"][place, target], expected[noise][place, target] = chosen
            expected["epistemic"][place, target] = std
    for name in names:
        assert arrays[name].dtype == np.float32
        np.testing.assert_allclose(arrays[name], expected[name], rtol=1e-6)


def test_validation_is_by_measurements_unless_it_is_said_otherwise():
    store = small_store()
    targets = student_targets(store, ensemble_of(store, "mean"), ("mean",))
    np.testing.assert_array_equal(targets["validation"]["mean"], store.targets[store.rows("validation")])


@pytest.mark.parametrize("validation", ["measured", "ensemble"])
def test_each_members_own_predictions_and_the_measurements_come_as_they_are(validation):
    store = small_store(targets=2)
    ensemble = ensemble_of(store, "mean", "aleatoric", members=4)
    names = ("member_mean", "member_aleatoric", "measured")
    targets = student_targets(store, ensemble, names, validation=validation)
    for split in SPLITS:
        arrays, rows = targets[split], store.rows(split)
        assert arrays["member_mean"].shape == arrays["member_aleatoric"].shape == (len(rows), 4, 2)
        for member in range(4):
            np.testing.assert_array_equal(arrays["member_mean"][:, member], ensemble.values[split][member][:, :2])
            np.testing.assert_array_equal(arrays["member_aleatoric"][:, member], ensemble.values[split][member][:, 2:])
        np.testing.assert_array_equal(arrays["measured"], store.targets[rows])


def test_the_ends_of_an_interval_are_the_means_of_the_members():
    store = small_store()
    ensemble = ensemble_of(store, "mean", "lower", "upper")
    targets = student_targets(store, ensemble, ("mean", "lower", "upper", "epistemic"))
    for split in SPLITS:
        for column, head in enumerate(("lower", "upper"), start=1):
            expected = ensemble.values[split][:, :, [column]].mean(axis=0)
            np.testing.assert_allclose(targets[split][head], expected, rtol=1e-6)


def test_the_epistemic_target_is_the_disagreement_even_of_members_that_have_such_a_head():
    store = small_store()
    ensemble = ensemble_of(store, "mean", "epistemic")
    targets = student_targets(store, ensemble, ("mean", "epistemic"))
    for split in SPLITS:
        expected = np.std(ensemble.values[split][:, :, :1].astype(float), axis=0)
        np.testing.assert_allclose(targets[split]["epistemic"], expected, rtol=1e-6)


@pytest.mark.parametrize("targets", [1, 2])
def test_a_student_of_mean_only_teachers_needs_no_replicates(targets):
    store = small_store(targets=targets, replicates=False)
    ensemble = ensemble_of(store, "mean")
    arrays = student_targets(store, ensemble, ("mean", "epistemic"))
    np.testing.assert_allclose(arrays["train"]["mean"], ensemble.values["train"].mean(axis=0), rtol=1e-6)
    np.testing.assert_array_equal(arrays["test"]["mean"], store.targets[store.rows("test")])
    for split in SPLITS:
        np.testing.assert_allclose(arrays[split]["epistemic"], np.std(ensemble.values[split], axis=0), rtol=1e-4)


@pytest.mark.parametrize("name", ["aleatoric", "member_aleatoric", "lower"])
def test_a_student_cannot_learn_what_its_ensemble_does_not_predict(store, name):
    with pytest.raises(DeguError, match=f"the student's loss needs '{name}', which its ensemble does not predict"):
        student_targets(store, ensemble_of(store, "mean"), ("mean", name), validation="ensemble")


def test_no_aleatoric_head_is_made_of_replicates_that_the_ensemble_did_not_learn(store):
    with pytest.raises(DeguError, match="the student's loss needs 'aleatoric'"):
        student_targets(store, ensemble_of(store, "mean"), ("mean", "aleatoric"), validation="measured")


@pytest.mark.parametrize("names", [("mean",), ("mean", "epistemic"), ("member_mean",)])
def test_one_member_is_no_ensemble(store, names):
    with pytest.raises(DeguError, match="over one member"):
        student_targets(store, ensemble_of(store, "mean", members=1), names)


def test_an_aleatoric_head_without_measured_replicates_is_validated_by_the_ensemble_or_refused():
    store = small_store(replicates=False)
    ensemble = ensemble_of(store, "mean", "aleatoric")
    with pytest.raises(DeguError, match=r"replicates(.|\n)*validation_targets: ensemble"):
        student_targets(store, ensemble, ("mean", "aleatoric"))
    arrays = student_targets(store, ensemble, ("mean", "aleatoric"), validation="ensemble")["validation"]
    np.testing.assert_allclose(arrays["aleatoric"], ensemble.values["validation"][:, :, 1:].mean(axis=0), rtol=1e-6)
