"""Patterns that recur in attribution maps, and files of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import h5py
import numpy as np

from degu.formats.hdf5 import read_hdf5, write_hdf5

# Whose maps motifs are searched in: their mean over an ensemble's members, and over a student's seeds.
MODELS = ("ensemble", "student")


@dataclass(frozen=True)
class Pattern:
    """A pattern, and the S seqlets that it is made of, aligned.

    Attributes
    ----------
    sign
        1 if the seqlets' contributions raise the prediction, -1 if they lower it.
    contributions
        (W, 4): mean contribution of each base, the contribution weight matrix, in units of the prediction.
    probabilities
        (W, 4): frequency of each base.
    core
        First position of the core, and the one behind its last.
    sequence, start, stop
        int64, (S,): which sequence each seqlet is of, its first base there, and the one behind its last.
    reverse
        bool, (S,): the pattern matches the seqlet's reverse complement.
    """

    sign: int
    contributions: np.ndarray
    probabilities: np.ndarray
    core: tuple[int, int]
    sequence: np.ndarray
    start: np.ndarray
    stop: np.ndarray
    reverse: np.ndarray

    def __len__(self) -> int:
        return len(self.sequence)

    @property
    def core_contributions(self) -> np.ndarray:
        """The core's part of `contributions`."""
        return self.contributions[slice(*self.core)]

    @property
    def core_probabilities(self) -> np.ndarray:
        """The core's part of `probabilities`."""
        return self.probabilities[slice(*self.core)]

    @property
    def consensus(self) -> str:
        """The base of the largest contribution at each position of the core."""
        return "".join("ACGT"[base] for base in np.abs(self.core_contributions).argmax(axis=1))

    def core_sites(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the first base of the core in each seqlet's sequence, and the one behind its last; (S,) each."""
        first, last = self.core
        start = np.where(self.reverse, self.stop - last, self.start + first)
        return start, start + last - first


def write_patterns(patterns: Mapping[str, Sequence[Pattern]], path: Path, digest: str) -> None:
    """Write the patterns of each target, with the digest of their store."""
    with write_hdf5(path) as file:
        file.attrs["store_digest"] = digest
        # A target's name may hold slashes.
        file.attrs["targets"] = list(patterns)
        for target, own in patterns.items():
            group = file.create_group(target)
            for number, pattern in enumerate(own):
                for field in fields(pattern):
                    group.create_dataset(f"{number}/{field.name}", data=getattr(pattern, field.name))


def read_patterns(path: Path) -> dict[str, list[Pattern]]:
    """Read the patterns of each target.

    Raises
    ------
    DeguError
        If the file is damaged.
    """
    with read_hdf5(path, "file of patterns") as file:
        targets = file.attrs["targets"]
        return {target: [_read(file[target][str(n)]) for n in range(len(file[target]))] for target in targets}


def _read(group: h5py.Group) -> Pattern:
    values = {field.name: group[field.name][()] for field in fields(Pattern)}
    first, last = values["core"]
    return Pattern(**values | {"sign": int(values["sign"]), "core": (int(first), int(last))})
