"""Attribution maps of all models of one recipe.

They are made in blocks, so that a job that was killed can continue, and then written to one file.
"""

import json
import logging
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from degu.formats.files import write_aside
from degu.formats.hdf5 import read_hdf5, write_hdf5

log = logging.getLogger(__name__)

# Number of sequences in a block, which is the most that a killed job loses.
BLOCK = 100


@dataclass(frozen=True, order=True)
class MapKey:
    """Key of maps: the target, the method (by its name in the configuration) and the head."""

    target: str
    method: str
    head: str

    @property
    def path(self) -> str:
        """Path of the maps in the file."""
        return f"{self.target}/{self.method}/{self.head}"


class MapBlocks:
    """Finished blocks of maps in a folder, each in a file that is either complete or absent.

    Parameters
    ----------
    folder
        Folder of the blocks; blocks of another `identity` are removed.
    identity
        Text that differs whenever the maps would differ.
    """

    def __init__(self, folder: Path, identity: str) -> None:
        self.folder = folder
        marker = folder / "identity"
        if folder.exists() and not (marker.is_file() and marker.read_text(encoding="utf-8") == identity):
            shutil.rmtree(folder)
        folder.mkdir(parents=True, exist_ok=True)
        with write_aside(marker) as aside:
            aside.write_text(identity, encoding="utf-8")

    def path(self, key: MapKey, model: int, start: int) -> Path:
        """Return the file of the block of one model that begins at a sequence."""
        return self.folder / key.path / f"{model}-{start}.npz"

    def has(self, key: MapKey, model: int, start: int) -> bool:
        """Return whether a block is finished."""
        return self.path(key, model, start).is_file()

    def write(
        self,
        key: MapKey,
        model: int,
        start: int,
        values: np.ndarray,
        difference: np.ndarray,
        delta: np.ndarray | None = None,
    ) -> None:
        """Write a block: maps (n, L, 4), the sum that each should have, (n,), and its convergence delta, (n,)."""
        delta = np.full(len(values), np.nan, dtype=np.float32) if delta is None else delta
        with write_aside(self.path(key, model, start)) as aside, aside.open("wb") as file:
            np.savez(file, values=values, difference=difference, error=delta)

    def read(self, key: MapKey, model: int, start: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return a block's maps, the sums that they should have, and their convergence deltas."""
        with np.load(self.path(key, model, start)) as file:
            return file["values"], file["difference"], file["error"]

    def assemble(self, keys: Mapping[MapKey, int], seeds: Sequence[int], path: Path, digest: str) -> None:
        """Write all blocks to one file, block by block, and remove them.

        Parameters
        ----------
        keys
            Number of sequences N of each map.
        seeds
            Seeds of the models.
        path
            File that is written. It holds the maps as `values`, the sums that they should have as `difference`, and
            their convergence deltas as `error`, (M, N).
        digest
            Digest of the store.
        """
        with write_hdf5(path) as file:
            file.attrs["seeds"] = list(seeds)
            file.attrs["store_digest"] = digest
            for key, number in keys.items():
                for model, start in np.ndindex(len(seeds), -(-number // BLOCK)):
                    values, difference, delta = self.read(key, model, start * BLOCK)
                    if (model, start) == (0, 0):
                        _create_datasets(file.create_group(key.path), (len(seeds), number), values.shape[1:])
                    rows = slice(start * BLOCK, start * BLOCK + len(values))
                    for name, part in (("values", values), ("difference", difference), ("error", delta)):
                        file[key.path][name][model, rows] = part
        shutil.rmtree(self.folder)


def _create_datasets(group: h5py.Group, shape: tuple[int, int], map_shape: tuple[int, ...]) -> None:
    """Create the datasets of maps of M models and N sequences, whose shape is (M, N)."""
    group.create_dataset("values", (*shape, *map_shape), "f4", chunks=(1, 1, *map_shape), compression="gzip")
    group.create_dataset("difference", shape, "f4")
    group.create_dataset("error", shape, "f4")


class Progress:
    """Progress of the maps of one model, which is logged."""

    def __init__(self, label: str, number: int) -> None:
        self.label, self.number, self.done, self.start = label, number, 0, time.perf_counter()

    def add(self, count: int) -> None:
        """Count finished sequences, and log the progress."""
        self.done += count
        each = (time.perf_counter() - self.start) / self.done
        left = divmod(round(each * (self.number - self.done)), 60)
        log.info(
            "%s: %s of %s sequences, %.3g s each, %d:%02d left",
            self.label,
            f"{self.done:,}",
            f"{self.number:,}",
            each,
            *left,
            extra={"progress": True},
        )


def read_maps(path: Path, key: MapKey) -> tuple[np.ndarray, np.ndarray]:
    """Return maps, float32 (M, N, L, 4), and the sum that each should have, (M, N); NaN if the method defines none.

    Raises
    ------
    DeguError
        If the file has no such maps.
    """
    with read_hdf5(path, f"file of maps '{key.path}'") as file:
        return file[key.path]["values"][:], file[key.path]["difference"][:]


def map_keys(path: Path) -> list[MapKey]:
    """Return the keys of the maps in a file by target, method and head, of which `mean` comes first."""
    names: list[str] = []
    with read_hdf5(path, "file of maps") as file:
        file.visit(names.append)
    # The name of a target may itself contain slashes.
    parts = [name.rsplit("/", 3) for name in names]
    keys = [MapKey(*part[:-1]) for part in parts if part[-1] == "values" and len(part) == 4]
    return sorted(keys, key=lambda key: (key.target, key.method, key.head != "mean", key.head))


def identity_of(**values: object) -> str:
    """Return a text of some values, which is equal whenever they are."""
    return json.dumps(values, sort_keys=True, default=str)
