"""The sizes of data sets, of their stores or of their settings."""

import dataclasses

import numpy as np
import pytest

from dataset_sizes import DatasetSize, dataset_size
from degu.data.splits import SPLITS
from degu.data.store import write_store
from degu.errors import DeguError
from tests.conftest import small_store
from tests.data.counted import CONTEXT, LENGTH, POSITIONS, REPLICATES, STRANDS, counted_store

FRACTIONS = {"fractions": {"train": 0.7, "validation": 0.1, "calibration": 0.1, "test": 0.1}}


def settings(**changes):
    return {"importer": "table", "published_size": None, "options": {}, "split": {}, **changes}


def of_tracks(**changes):
    tracks = {"starts": {"replicates": [["a", "b"], ["c", "d"], ["e", "f"]]}}
    lengths = {"input_length": LENGTH, "output_length": POSITIONS, "jitter": CONTEXT // 2}
    return settings(importer="profiles", options={"tracks": tracks, **lengths, "negatives": 1}, **changes)


def test_that_of_a_store(tmp_path):
    store = dataclasses.replace(small_store(rows=90, targets=3), replicates=np.zeros((90, 3, 4), dtype=np.float32))
    write_store(store, tmp_path / "store.h5")
    size = dataset_size(settings(), tmp_path / "store.h5")
    assert size == DatasetSize({split: len(store.rows(split)) for split in SPLITS}, length=24, targets=3, replicates=4)
    assert (size.total, size.counts) == (90, 0)


def test_that_of_a_store_of_counts(tmp_path):
    store, _ = counted_store(context=CONTEXT // 2)
    write_store(store, tmp_path / "store.h5")
    size = dataset_size(of_tracks(), tmp_path / "store.h5")
    assert (size.length, size.targets, size.replicates, size.profile) == (LENGTH, 1, REPLICATES, (STRANDS, POSITIONS))
    assert size.counts * size.total == store.counts.size + store.context_counts.size
    assert (size.context, size.negatives) == (store.context_tokens.shape[1], 1)


def test_that_of_settings(tmp_path):
    rows = {"train": 1000, "validation": 100, "calibration": 100, "test": 200}
    published = {"rows": rows, "length": LENGTH, "targets": 1, "replicates": 3}
    size = DatasetSize(rows, LENGTH, 1, 3)
    assert dataset_size(settings(published_size=published), tmp_path / "store.h5") == size
    of_counts = dataset_size(of_tracks(published_size=published), tmp_path / "store.h5")
    assert of_counts == dataclasses.replace(size, profile=(STRANDS, POSITIONS), context=CONTEXT, negatives=1)


@pytest.mark.parametrize(
    ("importer", "length", "of_counts"),
    [("simulated_mpra", "length", {}), ("simulated_profiles", "input_length", {"profile": (1, 50), "context": 16})],
)
def test_that_of_a_simulation(tmp_path, importer, length, of_counts):
    options = {"number": 6000, length: 200, "replicates": 3}
    options |= {"output_length": 50, "jitter": 8, "strands": 1} if of_counts else {}
    found = dataset_size(settings(importer=importer, options=options, split=FRACTIONS), tmp_path / "store.h5")
    rows = {"train": 4200, "validation": 600, "calibration": 600, "test": 600}
    assert found == DatasetSize(rows, length=200, targets=1, replicates=3, **of_counts)


def test_one_that_nothing_tells_is_refused(tmp_path):
    with pytest.raises(DeguError, match="make it first"):
        dataset_size(settings(), tmp_path / "store.h5")
