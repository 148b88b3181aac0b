"""The file of a student's targets."""

import h5py
import numpy as np
import pytest

from degu.errors import DeguError
from degu.heads import Heads
from degu.splits import SPLITS
from degu.targets import read_targets, write_targets

HEADS = Heads(("mean", "epistemic"), ("target0",), scale="log_variance", floor=0.003)


@pytest.fixture
def targets(store) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(2)
    return {split: rng.normal(size=(len(store.rows(split)), 2)).astype(np.float32) for split in SPLITS}


def test_the_file_gives_back_what_was_written(tmp_path, store, targets):
    write_targets(targets, HEADS, tmp_path / "targets.h5", store.digest)
    read, heads = read_targets(tmp_path / "targets.h5", store)
    assert heads == HEADS
    assert set(read) == set(SPLITS)
    for split in SPLITS:
        assert read[split].dtype == np.float32
        np.testing.assert_array_equal(read[split], targets[split])


def test_targets_of_another_store_are_refused(tmp_path, store, targets):
    write_targets(targets, HEADS, tmp_path / "targets.h5", "another digest")
    with pytest.raises(DeguError, match="another version of the data set"):
        read_targets(tmp_path / "targets.h5", store)


def test_a_file_that_is_absent_cut_off_or_of_another_kind_is_refused(tmp_path, store, targets):
    path = tmp_path / "targets.h5"
    with pytest.raises(DeguError, match=r"targets\.h5"):
        read_targets(path, store)
    write_targets(targets, HEADS, path, store.digest)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(DeguError, match="not a readable file of targets"):
        read_targets(path, store)
    path.write_bytes(b"")
    with pytest.raises(DeguError, match="not a readable file of targets"):
        read_targets(path, store)


@pytest.mark.parametrize("part", ["validation", "heads", "store_digest"])
def test_a_file_that_lacks_a_part_is_refused(tmp_path, store, targets, part):
    path = tmp_path / "targets.h5"
    write_targets(targets, HEADS, path, store.digest)
    with h5py.File(path, "a") as file:
        del (file if part in file else file.attrs)[part]
    with pytest.raises(DeguError, match="not a readable file of targets"):
        read_targets(path, store)
