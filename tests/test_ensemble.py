"""What several models predict: statistics over them, and their file."""

import h5py
import numpy as np
import pytest

from conftest import small_store
from degu.ensemble import Predictions, read_predictions, write_predictions
from degu.errors import DeguError
from degu.heads import Heads
from degu.splits import SPLITS


def some_predictions(models: int = 3) -> Predictions:
    store = small_store(targets=2)
    rng = np.random.default_rng(8)
    values = {split: rng.normal(size=(models, len(store.rows(split)), 4)).astype(np.float32) for split in SPLITS}
    heads = Heads(("mean", "aleatoric"), ("target0", "target1"), scale="log_variance", floor=0.01)
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


def test_first_keeps_the_first_models_and_their_seeds():
    predictions = some_predictions(4)
    first = predictions.first(2)
    assert first.seeds == [11, 5]
    for split in SPLITS:
        np.testing.assert_array_equal(first.values[split], predictions.values[split][:2])
        assert predictions.values[split].shape[0] == 4
    assert predictions.first(4).seeds == predictions.seeds


@pytest.mark.parametrize("count", [-1, 0, 4])
def test_more_members_than_there_are_cannot_be_had(count):
    with pytest.raises(DeguError, match=f"{count} of 3 members"):
        some_predictions().first(count)


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


@pytest.mark.parametrize("part", ["test", "heads", "seeds", "store_digest"])
def test_a_file_that_lacks_a_part_is_refused(tmp_path, store, part):
    path = tmp_path / "predictions.h5"
    write_predictions(some_predictions(), path, store.digest)
    with h5py.File(path, "a") as file:
        del (file if part in file else file.attrs)[part]
    with pytest.raises(DeguError, match="not a readable file of predictions"):
        read_predictions(path, store)
