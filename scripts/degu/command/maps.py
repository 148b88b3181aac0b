"""Files of attribution maps: arrays in HDF5 or NumPy's npz, or a table with a row for each base and target."""

import contextlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from degu.command.writers import Writer, open_writer
from degu.data.sequences import ALPHABET, decode
from degu.formats.files import write_aside
from degu.formats.hdf5 import write_hdf5

ARRAYS = (".h5", ".npz")
_LETTERS = np.array(list(ALPHABET))


@dataclass(frozen=True)
class Map:
    """The maps of n sequences for one head of one target.

    Attributes
    ----------
    hypothetical
        What each base would contribute if it were the sequence's own, float32 (n, L, 4).
    contributions
        What each base of the sequence contributes, float32 (n, L); 0 at an N, whose contribution is not known.
    prediction
        The prediction, float64 (n,).
    difference
        The prediction less the mean prediction for the backgrounds, float64 (n,).
    error
        How far the sum of the contributions is from that difference, divided by the sum of their absolute values, (n,);
        NaN for a sequence with an N.
    """

    hypothetical: np.ndarray
    contributions: np.ndarray
    prediction: np.ndarray
    difference: np.ndarray
    error: np.ndarray


@dataclass(frozen=True)
class Explained:
    """Some sequences with their maps.

    Attributes
    ----------
    names, chromosomes, strands
        Their names, where they are, and on which strand.
    tokens
        The explained bases, uint8 (n, l).
    positions
        Where each base is, counted from 1, int64 (n, l).
    maps
        The maps of these bases by target and head.
    """

    names: list[str]
    chromosomes: list[str]
    strands: list[str]
    tokens: np.ndarray
    positions: np.ndarray
    maps: Mapping[tuple[str, str], Map]


class MapWriter(ABC):
    """A file of maps that is open for writing."""

    @abstractmethod
    def write(self, explained: Explained) -> None:
        """Append maps."""


class TableOfMaps(MapWriter):
    """A table with a row for each base and target, and a column for each head.

    Parameters
    ----------
    writer
        The open table.
    """

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def write(self, explained: Explained) -> None:
        """Append the rows of maps, one target after another for each sequence."""
        targets = list(dict.fromkeys(target for target, _ in explained.maps))
        heads = list(dict.fromkeys(head for _, head in explained.maps))
        length = explained.tokens.shape[1]
        for row, name in enumerate(explained.names):
            for target in targets:
                values = {head: explained.maps[target, head].contributions[row] for head in heads}
                self._writer.write(
                    {
                        "name": [name] * length,
                        "chromosome": [explained.chromosomes[row]] * length,
                        "position": explained.positions[row],
                        "strand": [explained.strands[row]] * length,
                        "base": _LETTERS[explained.tokens[row]].tolist(),
                        "target": [target] * length,
                        **{head: own.astype(np.float64) for head, own in values.items()},
                    }
                )


class ArraysOfMaps(MapWriter):
    """Arrays by name, with one row for each sequence.

    Parameters
    ----------
    create
        Returns a new array for a name, a shape and a type.
    number
        Number of sequences.
    """

    def __init__(self, create: Callable[[str, tuple[int, ...], str], Any], number: int) -> None:
        self._create, self._number, self._done = create, number, 0
        self._arrays: dict[str, Any] = {}
        self.texts: dict[str, list[str]] = {"names": [], "chromosomes": [], "strands": [], "sequences": []}

    def write(self, explained: Explained) -> None:
        """Append maps."""
        parts = {"positions": explained.positions}
        for (target, head), own in explained.maps.items():
            for name in ("contributions", "hypothetical", "prediction", "difference", "error"):
                parts[f"{target}/{head}/{name}"] = getattr(own, name)
        rows = slice(self._done, self._done + len(explained.names))
        for name, values in parts.items():
            if name not in self._arrays:
                kind = "i8" if name == "positions" else "f4"
                self._arrays[name] = self._create(name, (self._number, *values.shape[1:]), kind)
            self._arrays[name][rows] = values
        self._done = rows.stop
        own_texts = (explained.names, explained.chromosomes, explained.strands, decode(explained.tokens))
        for texts, own_text in zip(self.texts.values(), own_texts, strict=True):
            texts += own_text


@contextlib.contextmanager
def open_maps(path: Path, number: int, origin: Mapping[str, Any]) -> Iterator[MapWriter]:
    """Open a file of the maps of a number of sequences, which gets its name when the block ends without an error.

    Parameters
    ----------
    path
        The file; `.h5` and `.npz` hold arrays, and other names are those of tables.
    number
        Number of sequences.
    origin
        What the file is to say of where it comes from.
    """
    suffix, text = path.suffix.lower(), json.dumps(origin)
    if suffix == ".h5":
        with write_hdf5(path) as file:
            arrays = ArraysOfMaps(lambda name, shape, kind: file.create_dataset(name, shape, kind), number)
            yield arrays
            file.attrs["degu"] = text
            for name, texts in arrays.texts.items():
                file.create_dataset(name, data=texts, dtype=h5py.string_dtype())
    elif suffix == ".npz":
        found: dict[str, np.ndarray] = {}

        def create(name: str, shape: tuple[int, ...], kind: str) -> np.ndarray:
            return found.setdefault(name, np.zeros(shape, kind))

        arrays = ArraysOfMaps(create, number)
        yield arrays
        with write_aside(path) as aside, aside.open("wb") as handle:
            texts_of = {name: np.array(texts) for name, texts in arrays.texts.items()}
            np.savez_compressed(handle, allow_pickle=False, degu=np.array(text), **texts_of, **found)
    else:
        with open_writer(path, origin) as writer:
            yield TableOfMaps(writer)
