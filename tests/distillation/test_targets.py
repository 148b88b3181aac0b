"""The file of a student's targets."""

import h5py
import numpy as np
import pytest

from degu.data.splits import SPLITS
from degu.distillation.targets import read_targets, write_targets
from degu.errors import DeguError


@pytest.fixture
def targets(store) -> dict[str, dict[str, np.ndarray]]:
    rng = np.random.default_rng(2)
    return {
        split: {
            "mean": rng.normal(size=(len(store.rows(split)), 1)).astype(np.float32),
            "epistemic": rng.uniform(size=(len(store.rows(split)), 1)).astype(np.float32),
            "member_mean": rng.normal(size=(len(store.rows(split)), 3, 1)).astype(np.float32),
        }
        for split in SPLITS
    }


def test_the_file_gives_back_every_array_by_its_name(tmp_path, store, targets):
    write_targets(targets, tmp_path / "targets.h5", store.digest)
    read = read_targets(tmp_path / "targets.h5", store)
    assert set(read) == set(SPLITS)
    for split in SPLITS:
        assert set(read[split]) == {"mean", "epistemic", "member_mean"}
        for name, values in targets[split].items():
            assert read[split][name].dtype == np.float32
            np.testing.assert_array_equal(read[split][name], values)


def test_arrays_of_double_precision_are_written_in_single(tmp_path, store, targets):
    double = {split: {name: values + 1e-12 for name, values in part.items()} for split, part in targets.items()}
    write_targets(double, tmp_path / "targets.h5", store.digest)
    read = read_targets(tmp_path / "targets.h5", store)["test"]["mean"]
    assert read.dtype == np.float32
    np.testing.assert_array_equal(read, double["test"]["mean"].astype(np.float32))


def test_targets_of_another_store_are_refused(tmp_path, store, targets):
    write_targets(targets, tmp_path / "targets.h5", "another digest")
    with pytest.raises(DeguError, match="another version of the data set"):
        read_targets(tmp_path / "targets.h5", store)


def test_a_file_that_is_absent_cut_off_or_of_another_kind_is_refused(tmp_path, store, targets):
    path = tmp_path / "targets.h5"
    with pytest.raises(DeguError, match=r"targets\.h5"):
        read_targets(path, store)
    write_targets(targets, path, store.digest)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(DeguError, match="not a readable file of targets"):
        read_targets(path, store)
    path.write_bytes(b"")
    with pytest.raises(DeguError, match="not a readable file of targets"):
        read_targets(path, store)


@pytest.mark.parametrize("part", ["validation", "store_digest"])
def test_a_file_that_lacks_a_part_is_refused(tmp_path, store, targets, part):
    path = tmp_path / "targets.h5"
    write_targets(targets, path, store.digest)
    with h5py.File(path, "a") as file:
        del (file if part in file else file.attrs)[part]
    with pytest.raises(DeguError, match="not a readable file of targets"):
        read_targets(path, store)


def test_a_file_of_another_form_is_refused(tmp_path, store):
    # As an earlier version wrote it: one array a split.
    with h5py.File(tmp_path / "targets.h5", "w") as file:
        file.attrs["store_digest"] = store.digest
        for split in SPLITS:
            file[split] = np.zeros((len(store.rows(split)), 2), dtype=np.float32)
    with pytest.raises(DeguError, match="not a readable file of targets"):
        read_targets(tmp_path / "targets.h5", store)
