"""Labelled pools in a file."""

import numpy as np
import pytest

from degu.distillation.pool import PARTS, Pool, read_pool, write_pool
from degu.errors import DeguError
from degu.outputs.heads import Heads
from degu.prediction.ensemble import Predictions
from tests.conftest import small_store


def pool_of(store, sizes=(7, 3)) -> Pool:
    rng = np.random.default_rng(1)
    tokens = {
        part: rng.integers(0, 4, size=(size, store.tokens.shape[1]), dtype=np.uint8)
        for part, size in zip(PARTS, sizes, strict=True)
    }
    values = {part: rng.standard_normal((2, size, 2)).astype("f4") for part, size in zip(PARTS, sizes, strict=True)}
    return Pool(tokens, Predictions(values, Heads(("mean", "aleatoric"), ("target0",)), [1, 2]))


def ensemble_of(folder, content="predictions"):
    """Return a file that stands for the predictions of an ensemble."""
    path = folder / "predictions.h5"
    path.write_text(content)
    return path


def test_a_pool_is_read_as_it_was_written(store, tmp_path):
    pool = pool_of(store)
    write_pool(pool, tmp_path / "pool.h5", store.digest, ensemble_of(tmp_path))
    read = read_pool(tmp_path / "pool.h5", store, ensemble=ensemble_of(tmp_path))
    for part in PARTS:
        np.testing.assert_array_equal(read.tokens[part], pool.tokens[part])
        np.testing.assert_array_equal(read.predictions.values[part], pool.predictions.values[part])
    assert (read.predictions.heads, read.predictions.seeds) == (pool.predictions.heads, [1, 2])


def test_a_pool_of_another_store_is_refused(store, tmp_path):
    write_pool(pool_of(store), tmp_path / "pool.h5", store.digest, ensemble_of(tmp_path))
    other = small_store()
    other.attributes["digest"] = "another"
    with pytest.raises(DeguError, match="this pool is of another version of the data set"):
        read_pool(tmp_path / "pool.h5", other)


def test_a_damaged_pool_is_told(store, tmp_path):
    (tmp_path / "pool.h5").write_bytes(b"no pool")
    with pytest.raises(DeguError, match="not a readable pool"):
        read_pool(tmp_path / "pool.h5", store)


def test_a_pool_that_other_members_have_labelled_is_refused(tmp_path):
    store = small_store()
    write_pool(pool_of(store), tmp_path / "pool.h5", store.digest, ensemble_of(tmp_path))
    assert read_pool(tmp_path / "pool.h5", store)
    message = r"(?s)pool\.h5: other members have labelled the pool.*put the file with the sequences of the pool back"
    with pytest.raises(DeguError, match=message):
        read_pool(tmp_path / "pool.h5", store, ensemble=ensemble_of(tmp_path, "of others"))
