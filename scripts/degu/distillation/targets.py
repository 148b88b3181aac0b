"""What a model is trained on: named arrays, and the file that holds those of a student.

===================  ==========  =======================================================================
name                 shape       teacher / student
===================  ==========  =======================================================================
measured             (n, T)      the measured activity
mean                 (n, T)      the same / the mean of the members
aleatoric            (n, T)      the std over replicates / the mean of the members' aleatoric heads
epistemic            (n, T)      none / the std of the members' means
member_mean          (n, M, T)   none / each member's mean
member_aleatoric     (n, M, T)   none / each member's aleatoric head
===================  ==========  =======================================================================
"""

from collections.abc import Mapping
from pathlib import Path

import h5py
import numpy as np

from degu.data.splits import SPLITS
from degu.data.store import SequenceStore
from degu.errors import DeguError
from degu.formats.hdf5 import write_hdf5


def write_targets(targets: Mapping[str, Mapping[str, np.ndarray]], path: Path, digest: str) -> None:
    """Write the named arrays of each split, with the digest of the store they belong to."""
    with write_hdf5(path) as file:
        file.attrs["store_digest"] = digest
        for split, arrays in targets.items():
            for name, values in arrays.items():
                file.create_dataset(f"{split}/{name}", data=values, dtype=np.float32, compression="gzip")


def read_targets(path: str | Path, store: SequenceStore) -> dict[str, dict[str, np.ndarray]]:
    """Read the named arrays of each split.

    Raises
    ------
    DeguError
        If the file is damaged, or belongs to another store.
    """
    remedy = "delete the file and run Snakemake again"
    try:
        with h5py.File(path) as file:
            digest = file.attrs["store_digest"]
            targets = {split: {name: values[:] for name, values in file[split].items()} for split in SPLITS}
    except (OSError, KeyError, ValueError, AttributeError) as error:
        raise DeguError(f"not a readable file of targets: {error}", where=path, remedy=remedy) from error
    if digest != store.digest:
        raise DeguError("these targets are of another version of the data set", where=path, remedy=remedy)
    return targets
