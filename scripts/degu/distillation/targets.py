"""The named arrays that models are trained on, and the file that holds those of a student.

================  =============  =========================================  =========================================
name              shape          for a teacher                              for a student
================  =============  =========================================  =========================================
measured          (n, T)         the measured activity                      the measured activity
mean              (n, T)         the measured activity                      the mean over members
aleatoric         (n, T)         the std over replicates                    the mean of the members' aleatoric heads
replicate_std     (n, T)         the std over replicates                    the mean of the members' heads
epistemic         (n, T)                                                    the std over members of their means
profile           (n, T, S, P)   the counts of all replicates together      the mean of the members' profiles
probability       (n, T, C)                                                 the mean of the members' probabilities
member_HEAD       (n, M, T ...)                                             that head of each of the M members
================  =============  =========================================  =========================================

A head with trailing axes, such as a profile of S strands and P positions, has them behind the targets T.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from degu.data.splits import SPLITS
from degu.data.store import SequenceStore
from degu.formats.hdf5 import read_hdf5, write_hdf5


def write_targets(targets: Mapping[str, Mapping[str, np.ndarray]], path: Path, digest: str) -> None:
    """Write the named arrays of each split, with the digest of the store they belong to."""
    with write_hdf5(path) as file:
        file.attrs["store_digest"] = digest
        for split, arrays in targets.items():
            for name, values in arrays.items():
                file.create_dataset(f"{split}/{name}", data=values, dtype=np.float32, compression="gzip")


def read_targets(path: str | Path, store: SequenceStore) -> dict[str, dict[str, np.ndarray]]:
    """Read the named arrays of each split, and of each part of the pool if there is one.

    Raises
    ------
    DeguError
        If the file is damaged, or belongs to another store.
    """
    with read_hdf5(path, "file of targets", digest=store.digest) as file:
        return {
            split: {name: values[:] for name, values in file[split].items()}
            for split in (*SPLITS, *(set(file) - {*SPLITS}))
        }
