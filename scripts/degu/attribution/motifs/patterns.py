"""Patterns that recur in attribution maps, and files that hold them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import h5py
import numpy as np

from degu.formats.hdf5 import read_hdf5, write_hdf5

# Motifs are discovered in two mean maps: that of an ensemble's members, and that of a student's seeds.
MODELS = ("ensemble", "student")


@dataclass(frozen=True)
class Pattern:
    """Pattern of S aligned seqlets.

    Attributes
    ----------
    sign
        Sign of the seqlets' contributions: 1 if they raise the prediction, -1 if they lower it.
    contributions
        Contribution weight matrix, (W, 4): mean contribution of each base, in the unit of the prediction.
    probabilities
        Frequency of each base, (W, 4).
    core
        First position of the core, and the position after its last.
    sequence, start, stop
        Index of each seqlet's sequence, its first base there, and the base after its last, int64 (S,) each.
    reverse
        Bool (S,), true where the pattern matches the seqlet's reverse complement.
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
        """Contributions at the positions of the core."""
        return self.contributions[slice(*self.core)]

    @property
    def core_probabilities(self) -> np.ndarray:
        """Probabilities at the positions of the core."""
        return self.probabilities[slice(*self.core)]

    @property
    def consensus(self) -> str:
        """Base with the largest contribution at each position of the core."""
        return "".join("ACGT"[base] for base in np.abs(self.core_contributions).argmax(axis=1))

    def core_sites(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the first base of the core in each seqlet's sequence, and the base after its last; (S,) each."""
        first, last = self.core
        start = np.where(self.reverse, self.stop - last, self.start + first)
        return start, start + last - first


def write_patterns(patterns: Mapping[str, Sequence[Pattern]], path: Path, digest: str) -> None:
    """Write the patterns of each target, and the digest of their store."""
    with write_hdf5(path) as file:
        file.attrs["store_digest"] = digest
        # The name of a target may contain slashes.
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
