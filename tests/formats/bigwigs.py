"""bigWig files that tests write from arrays."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pybigtools


def write_bigwig(path: Path, values: Mapping[str, np.ndarray], *, keep_zeros: bool = False) -> None:
    """Write an array of one value a base for each chromosome; bases of 0 are left out, unless they are kept."""
    lengths = {name: len(array) for name, array in values.items()}
    entries = (
        (name, position, position + 1, float(array[position]))
        for name, array in sorted(values.items())
        for position in range(len(array))
        if keep_zeros or array[position] != 0
    )
    # The package writes files of this ending alone.
    named = path.with_name(f"{path.name}.bw")
    pybigtools.open(str(named), "w").write(lengths, entries)
    named.rename(path)
