"""HDF5 files written whole or not at all."""

import os
import subprocess
import sys

import h5py
import numpy as np
import pytest

from degu.formats.hdf5 import write_hdf5
from tests.conftest import REPOSITORY

# A file that may not grow further is refused as on a disk that is full.
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
