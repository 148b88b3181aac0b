"""A small genome with regions and tracks, whose contents tests know as strings and arrays."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.formats.bigwigs import write_bigwig

SIZES = {"chrI": 6000, "chrII": 4000, "chrIII": 2500}


@dataclass
class ProfileFiles:
    """The files by their names, the bases of each chromosome, and the arrays of each track."""

    files: dict[str, Path]
    bases: dict[str, str]
    tracks: dict[str, dict[str, np.ndarray]]

    def write_regions(self, lines: list[str], name: str = "regions") -> None:
        self.files[name] = self.files["genome"].with_name(f"{name}.bed")
        self.files[name].write_text("".join(f"{line}\n" for line in lines))


def write_profile_files(folder: Path, names: tuple[str, ...], seed: int = 0) -> ProfileFiles:
    """Write a genome and tracks of counts under the names that are given."""
    rng = np.random.default_rng(seed)
    bases = {name: "".join(rng.choice(list("ACGTacgt"), size)) for name, size in SIZES.items()}
    genome = folder / "genome"
    genome.write_text("".join(f">{name}\n{text}\n" for name, text in bases.items()))
    tracks = {
        name: {key: rng.poisson(0.3 * (1 + index), size) for key, size in SIZES.items()}
        for index, name in enumerate(names)
    }
    for name, values in tracks.items():
        write_bigwig(folder / name, values)
    return ProfileFiles({"genome": genome, **{name: folder / name for name in names}}, bases, tracks)
