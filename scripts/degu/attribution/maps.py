"""Attribution maps of all models of one recipe: made block by block, so that a killed job goes on, then one file."""

import json
import logging
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from degu.formats.files import write_aside
from degu.formats.hdf5 import read_hdf5, write_hdf5

log = logging.getLogger(__name__)

# Sequences that are lost at most when a job is killed.
BLOCK = 100


@dataclass(frozen=True, order=True)
class MapKey:
    """Which maps: of what target, by what method (as the configuration names it), of what head."""

    target: str
    method: str
    head: str

    @property
    def path(self) -> str:
        """Where they stand in the file."""
        return f"{self.target}/{self.method}/{self.head}"


class MapBlocks:
    """Finished blocks of maps in a folder, each a file that is whole or not there.

    Parameters
    ----------
    folder
        Of the blocks; what is in it of another `identity` is removed.
    identity
        Text that differs whenever the maps would.
    """

    def __init__(self, folder: Path, identity: str) -> None:
        self.folder = folder
        marker = folder / "identity"
        if folder.exists() and not (marker.is_file() and marker.read_text() == identity):
            shutil.rmtree(folder)
        folder.mkdir(parents=True, exist_ok=True)
        with write_aside(marker) as aside:
            aside.write_text(identity)

    def path(self, key: MapKey, model: int, start: int) -> Path:
        """Return the file of the block of one model that begins at a sequence."""
        return self.folder / key.path / f"{model}-{start}.npz"

    def has(self, key: MapKey, model: int, start: int) -> bool:
        """Say whether a block is finished."""
        return self.path(key, model, start).is_file()

    def write(
        self,
        key: MapKey,
        model: int,
        start: int,
        values: np.ndarray,
        difference: np.ndarray,
        error: np.ndarray | None = None,
    ) -> None:
        """Write a block: maps (n, L, 4), what each should sum to and by how much it misses that, (n,) each."""
        error = np.full(len(values), np.nan, dtype=np.float32) if error is None else error
        with write_aside(self.path(key, model, start)) as aside, aside.open("wb") as file:
            np.savez(file, values=values, difference=difference, error=error)

    def read(self, key: MapKey, model: int, start: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return a block's maps, differences and errors."""
        with np.load(self.path(key, model, start)) as file:
            return file["values"], file["difference"], file["error"]

    def assemble(self, keys: Mapping[MapKey, int], seeds: Sequence[int], path: Path, digest: str) -> None:
        """Write all blocks to one file, block by block, and remove them.

        Parameters
        ----------
        keys
            The maps, and of how many sequences N they are.
        seeds
            Of the models.
        path
            The file; `read_maps` reads it. Beside the maps and their differences it holds each one's `error`, (M, N).
        digest
            Of the store.
        """
        with write_hdf5(path) as file:
            file.attrs["seeds"] = list(seeds)
            file.attrs["store_digest"] = digest
            for key, number in keys.items():
                for model, start in np.ndindex(len(seeds), -(-number // BLOCK)):
                    values, difference, error = self.read(key, model, start * BLOCK)
                    if (model, start) == (0, 0):
                        shape = (len(seeds), number)
                        group = file.create_group(key.path)
                        group.create_dataset(
                            "values",
                            (*shape, *values.shape[1:]),
                            "f4",
                            chunks=(1, 1, *values.shape[1:]),
                            compression="gzip",
                        )
                        group.create_dataset("difference", shape, "f4")
                        group.create_dataset("error", shape, "f4")
                    rows = slice(start * BLOCK, start * BLOCK + len(values))
                    group["values"][model, rows] = values
                    group["difference"][model, rows] = difference
                    group["error"][model, rows] = error
        shutil.rmtree(self.folder)


class Progress:
    """Tells in the log how far the maps of one model are."""

    def __init__(self, label: str, number: int) -> None:
        self.label, self.number, self.done, self.start = label, number, 0, time.perf_counter()

    def add(self, count: int) -> None:
        """Count finished sequences."""
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
        )


def read_maps(path: Path, key: MapKey) -> tuple[np.ndarray, np.ndarray]:
    """Return maps, float32 (M, N, L, 4), and what each should sum to, (M, N), nan where the method does not say.

    Raises
    ------
    DeguError
        If the file has no such maps.
    """
    with read_hdf5(path, f"file of maps '{key.path}'") as file:
        return file[key.path]["values"][:], file[key.path]["difference"][:]


def map_keys(path: Path) -> Iterator[MapKey]:
    """Yield which maps a file has."""
    names = []
    with read_hdf5(path, "file of maps") as file:
        file.visit(names.append)
    for name in names:
        # A target's name may hold slashes of its own.
        parts = name.rsplit("/", 3)
        if parts[-1] == "values" and len(parts) == 4:
            yield MapKey(*parts[:-1])


def identity_of(**values: object) -> str:
    """Return a text of some values, equal if they are."""
    return json.dumps(values, sort_keys=True, default=str)
