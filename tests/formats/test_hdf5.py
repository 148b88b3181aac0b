"""HDF5 files are written whole or not at all, and a damaged one is reported to the person who reads it."""

import errno
import json
import os
import subprocess
import sys

import h5py
import numpy as np
import pytest

from degu.errors import DeguError
from degu.formats.hdf5 import read_hdf5, write_hdf5
from tests.conftest import REPOSITORY

# A file that may not grow further fails in the same way as a file on a full disk.
LIMITED = """
import resource, sys
import numpy as np
from degu.errors import DeguError
from degu.formats.hdf5 import write_hdf5

resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    with write_hdf5(sys.argv[1]) as file:
        for index in range(20):
            file.create_dataset(f"group-{index}/values", data=np.arange(1000.0), chunks=(100,), compression="gzip")
            file[f"group-{index}"].attrs["names"] = ["one", "other"]
        file["large"] = np.zeros(100_000)
        file["group-0/values"][:]
except DeguError as error:
    print(error)
"""


def write(path, values):
    with write_hdf5(path) as file:
        file["group/values"] = values
        file.create_dataset("packed", data=values, chunks=(100,), compression="gzip", shuffle=True)
        file.attrs["unit"] = "log2"


def test_what_is_written_is_read(tmp_path):
    values = np.random.default_rng(0).standard_normal(100_000)
    path = tmp_path / "new" / "folder" / "values.h5"
    write(path, values)
    with h5py.File(path) as file:
        np.testing.assert_array_equal(file["group/values"], values)
        np.testing.assert_array_equal(file["packed"], values)
        assert file.attrs["unit"] == "log2"
    assert [path.name for path in path.parent.iterdir()] == ["values.h5"]


def test_the_same_content_is_the_same_file(tmp_path):
    for name in ("one.h5", "other.h5"):
        write(tmp_path / name, np.arange(1000.0))
    assert (tmp_path / "one.h5").read_bytes() == (tmp_path / "other.h5").read_bytes()


def test_a_block_that_fails_leaves_the_file_that_was_there(tmp_path):
    path = tmp_path / "values.h5"
    write(path, np.arange(200.0))
    before = path.read_bytes()
    with pytest.raises(ZeroDivisionError), write_hdf5(path) as file:
        file["values"] = np.arange(20.0)
        1 / 0  # noqa: B018
    assert path.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["values.h5"]


@pytest.mark.parametrize("size", [0, 50, 1000, 5000, 20_000, 100_000, 500_000])
def test_a_full_disk_is_told_to_a_person_wherever_it_ends(tmp_path, size):
    path = tmp_path / "values.h5"
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts")}
    command = [sys.executable, "-c", LIMITED, str(path), str(size)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{path}: there is no space left for it")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def written(tmp_path):
    path = tmp_path / "values.h5"
    write(path, np.arange(200.0))
    return path


def with_digest(path, digest):
    with h5py.File(path, "a") as file:
        file.attrs["store_digest"] = digest


@pytest.mark.parametrize("as_path", [str, lambda path: path])
def test_a_file_is_opened_for_reading_alone_and_closed_again(written, as_path):
    with read_hdf5(as_path(written), "file of values") as file:
        np.testing.assert_array_equal(file["group/values"][:], np.arange(200.0))
        assert (file.mode, file.attrs["unit"]) == ("r", "log2")
    assert not file


@pytest.mark.parametrize("damage", ["empty", "cut off", "no HDF5"])
def test_a_file_that_is_no_whole_hdf5_file_is_reported(written, damage):
    content = written.read_bytes()
    written.write_bytes({"empty": b"", "cut off": content[:-200], "no HDF5": b"text"}[damage])
    with (
        pytest.raises(DeguError, match=rf"^{written}: not a readable file of values: .*\n  remedy:   delete the file"),
        read_hdf5(written, "file of values"),
    ):
        pytest.fail("the file was opened")


@pytest.mark.parametrize("cause", ["absent", "a folder", "no lock", "disk"])
def test_no_file_is_to_be_deleted_that_was_not_read(written, cause, monkeypatch):
    content = written.read_bytes()
    written.unlink()
    if cause == "a folder":
        written.mkdir()
    elif cause != "absent":
        written.write_bytes(content)
        code = errno.ENOLCK if cause == "no lock" else errno.EIO
        # As h5py tells what the operating system says: with its number, or with the number in the text alone.
        error = OSError(code, "Unable to open file") if cause == "no lock" else OSError(f"read failed: errno = {code}")

        def fail(*_, **__):
            raise error

        monkeypatch.setattr(h5py, "File", fail)
    with (
        pytest.raises(DeguError, match=rf"^{written}: the file of values cannot be read: ") as caught,
        read_hdf5(written, "file of values"),
    ):
        pytest.fail("the file was opened")
    assert "remedy" not in str(caught.value)


@pytest.mark.parametrize(
    "read",
    [
        pytest.param(lambda file: file["gone"], id="no such array"),
        pytest.param(lambda file: file.attrs["gone"], id="no such attribute"),
        pytest.param(lambda file: file["group"][:], id="a group in place of an array"),
        pytest.param(lambda file: file["packed"]["values"], id="an array in place of a group"),
        pytest.param(lambda file: file["packed"].items(), id="an array in place of a group that is listed"),
        pytest.param(lambda file: file["packed"].asstr(), id="numbers in place of text"),
        pytest.param(lambda file: json.loads(file.attrs["unit"]), id="text that is no JSON"),
    ],
)
def test_a_file_of_another_layout_is_reported(written, read):
    with (
        pytest.raises(DeguError, match=rf"^{written}: not a readable file of values: .*\n  remedy:   delete") as caught,
        read_hdf5(written, "file of values") as file,
    ):
        read(file)
    assert not file
    assert str(caught.value.__cause__) in str(caught.value)


def test_bytes_that_are_damaged_are_reported_when_they_are_read(written):
    with h5py.File(written) as file:
        offset = file["packed"].id.get_chunk_info(0).byte_offset
    content = bytearray(written.read_bytes())
    content[offset : offset + 20] = bytes(20)
    written.write_bytes(content)
    with (
        pytest.raises(DeguError, match=r"values\.h5: not a readable file of values"),
        read_hdf5(written, "file of values") as file,
    ):
        file["packed"][:]


def test_an_error_that_a_person_can_correct_is_passed_on(written):
    with pytest.raises(DeguError, match=r"^the reader's own$"), read_hdf5(written, "file of values"):
        raise DeguError("the reader's own")


def test_an_error_in_the_program_is_passed_on(written):
    with pytest.raises(ZeroDivisionError), read_hdf5(written, "file of values"):
        1 / 0  # noqa: B018


def test_a_file_of_the_named_store_is_read(written):
    with_digest(written, "abc")
    with read_hdf5(written, "file of values", digest="abc") as file:
        assert len(file["packed"]) == 200


def test_a_file_of_another_store_is_refused(written):
    with_digest(written, "abc")
    message = rf"^{written}: this file of values is of another version of the data set\n  remedy:   delete the file"
    with pytest.raises(DeguError, match=message), read_hdf5(written, "file of values", digest="another"):
        pytest.fail("the file was opened")


def test_the_store_of_a_file_is_of_no_interest_unless_it_is_named(written):
    with_digest(written, "abc")
    with read_hdf5(written, "file of values") as file:
        assert len(file["packed"]) == 200


def test_a_file_that_names_no_store_is_refused_where_one_is_expected(written):
    message = rf"^{written}: not a readable file of values: .*store_digest"
    with pytest.raises(DeguError, match=message), read_hdf5(written, "file of values", digest="abc"):
        pytest.fail("the file was opened")
