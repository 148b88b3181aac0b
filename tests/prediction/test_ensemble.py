"""What several models predict: statistics over them, and their file."""

from pathlib import Path

import h5py
import numpy as np
import pytest

from degu.data.splits import SPLITS
from degu.errors import DeguError
from degu.outputs.heads import Heads
from degu.prediction.ensemble import Predictions, models_of_seeds, read_predictions, write_predictions
from tests.conftest import small_store


def some_predictions(models: int = 3) -> Predictions:
    store = small_store(targets=2)
    rng = np.random.default_rng(8)
    values = {split: rng.normal(size=(models, len(store.rows(split)), 4)).astype(np.float32) for split in SPLITS}
    heads = Heads(("mean", "aleatoric"), ("target0", "target1"))
    return Predictions(values, heads, [11, 5, 8, 2][:models])


def test_mean_and_std_are_over_the_models_with_no_degree_of_freedom_lost():
    predictions = some_predictions()
    a, b, c = predictions.values["test"].astype(np.float64)
    mean = (a + b + c) / 3
    np.testing.assert_allclose(predictions.mean("test"), mean, rtol=1e-12)
    std = np.sqrt(((a - mean) ** 2 + (b - mean) ** 2 + (c - mean) ** 2) / 3)
    np.testing.assert_allclose(predictions.std("test"), std, rtol=1e-9)


def test_the_std_of_nearly_equal_large_values_is_not_lost_to_float32():
    values = np.array([[[4096.0]], [[4096.5]]], dtype=np.float32)
    predictions = Predictions({"test": values}, Heads(("mean",), ("activity",)), [1, 2])
    assert predictions.std("test")[0, 0] == pytest.approx(0.25, rel=1e-12)


def test_the_heads_of_an_ensemble_follow_the_law_of_total_variance():
    means = np.array([[[1.0], [2.0]], [[4.0], [2.0]], [[4.0], [5.0]]])
    noises = np.array([[[3.0], [0.5]], [[4.0], [0.5]], [[5.0], [2.0]]])
    values = np.concatenate([means, noises], axis=2)
    heads = Predictions({"test": values}, Heads(("mean", "aleatoric"), ("activity",)), [1, 2, 3])
    combined = heads.heads_of_ensemble("test")
    assert list(combined) == ["mean", "aleatoric", "epistemic"]
    np.testing.assert_allclose(combined["mean"], [[3], [3]], rtol=1e-12)
    np.testing.assert_allclose(combined["aleatoric"] ** 2, [[50 / 3], [4.5 / 3]], rtol=1e-12)
    np.testing.assert_allclose(combined["epistemic"] ** 2, [[2], [2]], rtol=1e-12)


def test_the_members_own_epistemic_variance_adds_to_that_of_their_means():
    rng = np.random.default_rng(6)
    heads = Heads(("mean", "aleatoric", "epistemic", "lower"), ("target0", "target1"))
    values = rng.uniform(0.2, 2, size=(4, 5, 8)).astype(np.float32)
    combined = Predictions({"test": values}, heads, [1, 2, 3, 4]).heads_of_ensemble("test")
    # What drawing a member, and then from its normal distributions of mean and noise, comes to.
    mean, aleatoric, epistemic, lower = np.moveaxis(values.astype(float).reshape(4, 5, 4, 2), 2, 0)
    between = ((mean - mean.mean(axis=0)) ** 2).sum(axis=0) / 4
    assert list(combined) == ["mean", "aleatoric", "epistemic", "lower"]
    np.testing.assert_allclose(combined["epistemic"] ** 2, between + (epistemic**2).sum(axis=0) / 4, rtol=1e-9)
    np.testing.assert_allclose(combined["aleatoric"] ** 2, (aleatoric**2).sum(axis=0) / 4, rtol=1e-9)
    np.testing.assert_allclose(combined["lower"], lower.sum(axis=0) / 4, rtol=1e-9)
    np.testing.assert_allclose(combined["mean"], mean.sum(axis=0) / 4, rtol=1e-9)


def test_the_total_variance_of_an_ensemble_is_that_of_the_mixture_of_its_members():
    rng = np.random.default_rng(3)
    mean, noise, own = rng.normal(size=5), rng.uniform(0.5, 1, size=5), rng.uniform(0.2, 0.6, size=5)
    values = np.stack([mean, noise, own], axis=1)[:, None]
    heads = Heads(("mean", "aleatoric", "epistemic"), ("activity",))
    combined = Predictions({"test": values}, heads, list(range(5))).heads_of_ensemble("test")
    member = rng.integers(5, size=400_000)
    drawn = mean[member] + rng.normal(size=member.size) * noise[member] + rng.normal(size=member.size) * own[member]
    total = combined["aleatoric"] ** 2 + combined["epistemic"] ** 2
    assert total.item() == pytest.approx(drawn.var(), rel=0.01)
    assert combined["mean"].item() == pytest.approx(drawn.mean(), abs=0.01)


def test_the_variances_of_profiles_are_averaged_over_members_as_other_variances():
    shapes = {"profile": (1, 6), "profile_aleatoric": (1, 2), "profile_epistemic": (1, 2)}
    heads = Heads(("profile", "profile_aleatoric", "profile_epistemic"), ("activity",), shapes)
    values = np.random.default_rng(7).uniform(0, 1, size=(3, 4, 10))
    combined = Predictions({"test": values}, heads, [1, 2, 3]).heads_of_ensemble("test")
    np.testing.assert_allclose(combined["profile"].reshape(4, 6), values[..., :6].sum(axis=0) / 3)
    np.testing.assert_allclose(
        combined["profile_aleatoric"].reshape(4, 2) ** 2, (values[..., 6:8] ** 2).sum(axis=0) / 3
    )
    np.testing.assert_allclose(combined["profile_epistemic"].reshape(4, 2) ** 2, (values[..., 8:] ** 2).sum(axis=0) / 3)


def test_members_that_agree_leave_no_epistemic_uncertainty():
    values = np.tile(np.array([[[2.5, 0.5]]]), (3, 4, 1))
    combined = Predictions({"test": values}, Heads(("mean", "aleatoric"), ("activity",)), [1, 2, 3])
    heads = combined.heads_of_ensemble("test")
    np.testing.assert_array_equal(heads["epistemic"], 0)
    np.testing.assert_allclose(heads["aleatoric"], 0.5)


def test_first_keeps_the_first_models_and_their_seeds():
    predictions = some_predictions(4)
    first = predictions.first(2)
    assert first.seeds == [11, 5]
    for split in SPLITS:
        np.testing.assert_array_equal(first.values[split], predictions.values[split][:2])
        assert predictions.values[split].shape[0] == 4
    assert predictions.first(4).seeds == predictions.seeds
    assert predictions.first(None) is predictions


def test_the_first_models_are_taken_of_those_that_are_left():
    left = some_predictions(4).of_seeds([11, *some_predictions(4).seeds[2:]])
    assert left.first(2).seeds == left.seeds[:2]
    assert left.first(3).seeds == left.seeds


@pytest.mark.parametrize("count", [-1, 0, 4])
def test_more_members_than_there_are_cannot_be_had(count):
    message = (
        rf"(?s)^student 'degu-4': {count} members are asked for, and 3 are there\n  expected: from 1 to 3; .*leave_out"
        ".*train more members, or name a student of at most 3"
    )
    with pytest.raises(DeguError, match=message):
        some_predictions().first(count, where="student 'degu-4'")


def test_the_file_gives_back_what_was_written(tmp_path, store):
    predictions = some_predictions()
    write_predictions(predictions, tmp_path / "predictions.h5", store.digest)
    read = read_predictions(tmp_path / "predictions.h5", store)
    assert (read.heads, read.seeds) == (predictions.heads, predictions.seeds)
    for split in SPLITS:
        assert read.values[split].dtype == np.float32
        np.testing.assert_array_equal(read.values[split], predictions.values[split])


def test_predictions_of_another_store_are_refused(tmp_path, store):
    write_predictions(some_predictions(), tmp_path / "predictions.h5", "another digest")
    with pytest.raises(DeguError, match="another version of the data set"):
        read_predictions(tmp_path / "predictions.h5", store)


def test_a_file_that_is_absent_cut_off_or_of_another_kind_is_refused(tmp_path, store):
    path = tmp_path / "predictions.h5"
    with pytest.raises(DeguError, match=r"predictions\.h5"):
        read_predictions(path, store)
    write_predictions(some_predictions(), path, store.digest)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(DeguError, match="not a readable file of predictions"):
        read_predictions(path, store)
    path.write_text("no HDF5")
    with pytest.raises(DeguError, match="not a readable file of predictions"):
        read_predictions(path, store)


@pytest.mark.parametrize("splits", [("calibration", "test"), ("train", "calibration", "test")])
def test_predictions_of_some_splits_are_written_and_read(tmp_path, store, splits):
    whole = some_predictions()
    some = Predictions({split: whole.values[split] for split in splits}, whole.heads, whole.seeds)
    write_predictions(some, tmp_path / "predictions.h5", store.digest)
    read = read_predictions(tmp_path / "predictions.h5", store)
    assert set(read.values) == set(splits) == set(read.first(2).values)
    for split in splits:
        np.testing.assert_array_equal(read.values[split], whole.values[split])
        np.testing.assert_array_equal(read.mean(split), whole.mean(split))


def test_a_file_without_calibration_or_test_split_is_refused(tmp_path, store):
    whole = some_predictions()
    some = Predictions({"train": whole.values["train"], "test": whole.values["test"]}, whole.heads, whole.seeds)
    write_predictions(some, tmp_path / "predictions.h5", store.digest)
    with pytest.raises(DeguError, match="not a readable file of predictions"):
        read_predictions(tmp_path / "predictions.h5", store)


@pytest.mark.parametrize("part", ["heads", "seeds", "store_digest"])
def test_a_file_that_lacks_a_part_is_refused(tmp_path, store, part):
    path = tmp_path / "predictions.h5"
    write_predictions(some_predictions(), path, store.digest)
    with h5py.File(path, "a") as file:
        del file.attrs[part]
    with pytest.raises(DeguError, match="not a readable file of predictions"):
        read_predictions(path, store)


def test_the_models_of_kept_seeds_stay_in_their_order():
    assert models_of_seeds(["a.keras", "b.keras", "c.keras"], [4, 1, 7], [7, 4]) == [Path("a.keras"), Path("c.keras")]


def test_splits_that_are_not_wanted_are_not_read(tmp_path, store):
    rng = np.random.default_rng(3)
    values = {split: rng.random((2, len(store.rows(split)), 1)).astype(np.float32) for split in SPLITS}
    write_predictions(Predictions(values, Heads(("mean",), ("target0",)), [1, 2]), tmp_path / "a.h5", store.digest)
    found = read_predictions(tmp_path / "a.h5", store, only=("validation", "test"))
    assert list(found.values) == ["validation", "test"]
    np.testing.assert_array_equal(found.values["validation"], values["validation"])
