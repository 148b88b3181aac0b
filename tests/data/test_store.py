import h5py
import numpy as np
import pytest

from degu.data.sequences import decode
from degu.data.splits import CODE
from degu.data.store import SequenceStore, digest_of, read_digest, read_size, read_store, write_store
from degu.errors import DeguError
from tests.conftest import small_store


def full_store(**changes):
    """Return a valid store with every optional part, changed as told."""
    rng = np.random.default_rng(0)
    replicates = rng.standard_normal((8, 2, 3)).astype(np.float32)
    replicates[0, 0, 2] = np.nan
    parts = {
        "tokens": rng.integers(0, 5, size=(8, 6), dtype=np.uint8),
        "targets": np.nanmean(replicates, axis=2),
        "split": np.array([0, 0, 0, 0, 0, 1, 2, 3], dtype=np.uint8),
        "group": np.arange(8),
        "names": np.array([f"row {index} \u00e9" for index in range(8)]),
        "target_names": ["Dev", "Hk"],
        "units": ["log2", "log2 \u00b7"],
        "replicate_std": np.nanstd(replicates, axis=2, ddof=1),
        "replicates": replicates,
        "truth": {"mean": rng.standard_normal((8, 1)), "planted": np.ones((8, 6), dtype=np.uint8)},
        "attributes": {"dataset": "d", "dropped": {"no sequence": 2}, "flanks": [1, 2]},
    }
    return SequenceStore(**{**parts, **changes})


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "folder" / "store.h5"
    write_store(full_store(), path)
    return path


def changed(values, index, value):
    values = values.copy()
    values[index] = value
    return values


def test_store_comes_back_as_it_was_written(path):
    wrote, read = full_store(), read_store(path)
    for name in ("tokens", "targets", "split", "group", "replicate_std", "replicates"):
        expected, found = getattr(wrote, name), getattr(read, name)
        assert found.dtype == expected.dtype, name
        np.testing.assert_array_equal(found, expected)
    assert read.names.tolist() == wrote.names.tolist()
    assert read.target_names == wrote.target_names
    assert read.units == wrote.units
    assert {name: values.tolist() for name, values in read.truth.items()} == {
        name: values.tolist() for name, values in wrote.truth.items()
    }
    assert {key: read.attributes[key] for key in wrote.attributes} == wrote.attributes
    assert len(read) == 8


def test_each_target_has_a_unit(path):
    assert read_store(path).unit_of == {"Dev": "log2", "Hk": "log2 \u00b7"}
    # A unit that a configuration names stands before that of the store.
    assert read_store(path, units={"Hk": "counts"}).unit_of == {"Dev": "log2", "Hk": "counts, log2 \u00b7"}


def test_the_size_of_the_training_split_is_read_alone(path):
    assert read_size(path) == (5, 6)
    path.write_bytes(b"no HDF5")
    with pytest.raises(DeguError, match="sequence store"):
        read_size(path)


def test_store_without_optional_parts_comes_back_without_them(tmp_path):
    write_store(full_store(replicate_std=None, replicates=None, truth={}), tmp_path / "store.h5")
    read = read_store(tmp_path / "store.h5")
    assert read.replicate_std is None
    assert read.replicates is None
    assert read.truth == {}


def test_training_reads_without_names_replicates_and_truth(path):
    read = read_store(path, only=())
    assert read.replicates is None
    assert read.truth == {}
    assert read.names.tolist() == [""] * 8
    np.testing.assert_array_equal(read.replicate_std, full_store().replicate_std)


def test_one_optional_part_is_read_alone(path):
    read = read_store(path, only=["truth"])
    assert set(read.truth) == {"mean", "planted"}
    assert read.replicates is None


@pytest.mark.parametrize("flanks", [(0, 0), (3, 0), (0, 2), (3, 2)])
def test_the_insert_lies_between_the_flanks(flanks):
    store = small_store(rows=4, length=10)
    store.attributes["flanks"] = list(flanks)
    expected = [text[flanks[0] : 10 - flanks[1]] for text in decode(store.tokens)]
    assert decode(store.tokens[:, store.insert]) == expected


def test_rows_are_those_of_the_split():
    store = full_store()
    assert {name: store.rows(name).tolist() for name in CODE} == {
        "train": [0, 1, 2, 3, 4],
        "validation": [5],
        "calibration": [6],
        "test": [7],
    }


def test_splits_are_named_in_the_file(path):
    with h5py.File(path) as file:
        assert h5py.check_enum_dtype(file["split"].dtype) == CODE


def test_digest_is_the_same_for_equal_stores_and_survives_reading(path, tmp_path):
    again = full_store()
    write_store(again, tmp_path / "again.h5")
    assert len(again.digest) == 64
    assert read_store(path).digest == again.digest


@pytest.mark.parametrize(
    "change",
    [
        {"tokens": changed(full_store().tokens, (0, 0), 4 - full_store().tokens[0, 0])},
        {"targets": changed(full_store().targets, (1, 1), 9)},
        {"replicate_std": changed(full_store().replicate_std, (1, 1), 9)},
        {"split": changed(full_store().split, 0, 1)},
        {"negative": np.arange(8) == 3},
    ],
    ids=["tokens", "targets", "replicate_std", "split", "negative"],
)
def test_digest_changes_with_what_a_model_sees(path, tmp_path, change):
    other = full_store(**change)
    write_store(other, tmp_path / "other.h5")
    assert other.digest != read_store(path).digest


def test_rows_are_no_negatives_where_nothing_is_said_of_them():
    store = full_store()
    store.negative = None
    unknown = digest_of(store)
    assert not store.is_negative.any()
    store.negative = np.zeros(8, dtype=bool)
    assert digest_of(store) == unknown


def test_digest_is_read_alone(path, tmp_path):
    assert read_digest(path) == read_store(path).digest
    (tmp_path / "other.h5").write_bytes(b"no store")
    with pytest.raises(DeguError, match="not a readable sequence store"):
        read_digest(tmp_path / "other.h5")


def test_digest_does_not_change_with_names_and_provenance(path, tmp_path):
    other = full_store(names=np.array(["x"] * 8), attributes={"dataset": "e"})
    write_store(other, tmp_path / "other.h5")
    assert other.digest == read_store(path).digest


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"tokens": np.zeros((0, 6), dtype=np.uint8)}, "the store is empty"),
        ({"tokens": full_store().tokens.astype(np.int64)}, "tokens are not uint8"),
        ({"tokens": full_store().tokens[:, 0]}, r"not uint8 of shape \(N, L\)"),
        ({"tokens": changed(full_store().tokens, (3, 3), 5)}, "values above 4"),
        ({"targets": full_store().targets[:, :1]}, r"targets have shape \(8, 1\), not \(8, 2\)"),
        ({"targets": full_store().targets[:7]}, r"targets have shape \(7, 2\), not \(8, 2\)"),
        ({"targets": changed(full_store().targets, (0, 0), np.nan)}, "not finite"),
        ({"targets": changed(full_store().targets, (0, 0), np.inf)}, "not finite"),
        ({"units": ["log2"]}, "1 units for 2 targets"),
        ({"split": full_store().split[:7]}, "splits are not codes"),
        ({"split": changed(full_store().split, 0, 4)}, "splits are not codes"),
        ({"group": np.arange(7)}, "groups and names are not one a row"),
        ({"names": np.array(["a"])}, "groups and names are not one a row"),
        ({"replicate_std": full_store().replicate_std[:, :1]}, "replicate_std has not the shape"),
        ({"replicate_std": changed(full_store().replicate_std, (0, 0), -0.1)}, "negative or missing"),
        ({"replicate_std": changed(full_store().replicate_std, (0, 0), np.nan)}, "negative or missing"),
        ({"replicates": full_store().replicates[:, 0]}, "replicates are not of shape"),
        ({"truth": {"mean": np.zeros(7)}}, "truth/mean has 7 rows, not 8"),
    ],
)
def test_store_that_breaks_its_contract_is_not_written(tmp_path, change, message):
    with pytest.raises(DeguError, match=message) as caught:
        write_store(full_store(**change), tmp_path / "store.h5")
    assert str(tmp_path / "store.h5") in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_store_that_breaks_its_contract_is_not_read(path):
    with h5py.File(path, "a") as file:
        file["targets"][0, 0] = np.nan
    with pytest.raises(DeguError, match="targets hold values that are not finite"):
        read_store(path)


def test_absent_store_is_told(tmp_path):
    with pytest.raises(DeguError, match="there is no such sequence store"):
        read_store(tmp_path / "absent.h5")


def assert_not_readable(path):
    with pytest.raises(DeguError, match="not a readable sequence store") as caught:
        read_store(path)
    assert str(path) in str(caught.value)
    assert "run Snakemake again" in str(caught.value)


def test_random_bytes_are_no_store(tmp_path):
    (tmp_path / "store.h5").write_bytes(np.random.default_rng(0).bytes(5000))
    assert_not_readable(tmp_path / "store.h5")


def test_empty_file_is_no_store(tmp_path):
    (tmp_path / "store.h5").touch()
    assert_not_readable(tmp_path / "store.h5")


@pytest.mark.parametrize("part", [0.1, 0.5, 0.99])
def test_truncated_store_is_told(path, part):
    content = path.read_bytes()
    path.write_bytes(content[: int(part * len(content))])
    assert_not_readable(path)


def test_damaged_block_is_told(path):
    with h5py.File(path) as file:
        chunk = file["tokens"].id.get_chunk_info(0)
    content = bytearray(path.read_bytes())
    content[chunk.byte_offset + chunk.size // 2] ^= 0xFF
    path.write_bytes(bytes(content))
    assert_not_readable(path)


@pytest.mark.parametrize("name", ["tokens", "targets", "split", "group", "names"])
def test_missing_array_is_told(path, name):
    with h5py.File(path, "a") as file:
        del file[name]
    with pytest.raises(DeguError, match=f"not a readable sequence store.*{name}"):
        read_store(path)


@pytest.mark.parametrize("name", ["target_names", "units", "attributes"])
def test_missing_attribute_is_told(path, name):
    with h5py.File(path, "a") as file:
        del file.attrs[name]
    assert_not_readable(path)


def test_attributes_that_are_no_json_are_told(path):
    with h5py.File(path, "a") as file:
        file.attrs["attributes"] = "{half"
    assert_not_readable(path)


@pytest.mark.parametrize("found", ["degu-sequence-store-0", None])
def test_another_format_is_told(path, found):
    with h5py.File(path, "a") as file:
        del file.attrs["format"]
        if found is not None:
            file.attrs["format"] = found
    with pytest.raises(DeguError, match=rf"format {found!r}\n  expected: degu-sequence-store-1"):
        read_store(path)


def test_old_store_stays_when_a_new_one_is_not_valid(path):
    before = path.read_bytes()
    with pytest.raises(DeguError):
        write_store(full_store(units=[]), path)
    assert path.read_bytes() == before


def counts(shape=(8, 2, 3, 2, 5), dtype=np.uint16):
    return np.random.default_rng(3).integers(0, 60000, size=shape).astype(dtype)


def test_stranded_counts_at_each_position_come_back_by_row(tmp_path):
    path = tmp_path / "store.h5"
    write_store(full_store(counts=counts()), path)
    with h5py.File(path) as file:
        assert (file["counts"].dtype, file["counts"].chunks) == (np.uint16, (1, 2, 3, 2, 5))
    store = read_store(path)
    np.testing.assert_array_equal(store.counts, counts())
    assert store.total_counts.dtype == np.float32
    # No sum of replicates overflows the type of the counts.
    np.testing.assert_array_equal(store.total_counts, counts().astype(int).sum(axis=2))
    without = read_store(path, only=())
    assert without.counts is None
    assert without.profile_shape == store.profile_shape == (2, 5)
    assert (without.margin, read_store(path, only=["counts"]).margin) == ((store.tokens.shape[1] - 5) // 2,) * 2
    assert read_store(path, only=["counts"]).counts is not None


def test_a_store_without_counts_has_no_total(path):
    assert read_store(path).counts is None
    assert read_store(path).total_counts is None


def test_counts_change_the_digest(tmp_path, path):
    write_store(full_store(counts=counts()), tmp_path / "counted.h5")
    write_store(full_store(counts=counts() // 2), tmp_path / "other.h5")
    assert len({read_digest(file) for file in (path, tmp_path / "counted.h5", tmp_path / "other.h5")}) == 3


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (counts((8, 2, 3, 5)), r"not of shape \(N, T, R, S, P\)"),
        (counts((7, 2, 3, 2, 5)), r"not of shape \(N, T, R, S, P\)"),
        (counts(dtype=np.int64), "not uint16"),
        (counts((8, 2, 3, 3, 5)), "3 strands"),
    ],
)
def test_counts_of_another_shape_or_type_are_refused(tmp_path, wrong, message):
    with pytest.raises(DeguError, match=message):
        write_store(full_store(counts=wrong), tmp_path / "store.h5")
    assert not (tmp_path / "store.h5").exists()
