"""The file of a student's targets."""

import json
from pathlib import Path

import h5py
import numpy as np

from degu.errors import DeguError
from degu.files import write_aside
from degu.heads import Heads
from degu.splits import SPLITS
from degu.store import SequenceStore


def write_targets(targets: dict[str, np.ndarray], heads: Heads, path: Path, digest: str) -> None:
    """Write a student's targets, float32 (n, H * T) for each split, with the digest of the store they belong to."""
    with write_aside(path) as aside, h5py.File(aside, "w") as file:
        file.attrs["heads"] = json.dumps(heads.to_json())
        file.attrs["store_digest"] = digest
        for split, values in targets.items():
            file.create_dataset(split, data=values, compression="gzip")


def read_targets(path: str | Path, store: SequenceStore) -> tuple[dict[str, np.ndarray], Heads]:
    """Read a student's targets and heads.

    Raises
    ------
    DeguError
        If the file is damaged, or belongs to another store.
    """
    remedy = "delete the file and run Snakemake again"
    try:
        with h5py.File(path) as file:
            digest = file.attrs["store_digest"]
            heads = Heads.from_json(json.loads(file.attrs["heads"]))
            targets = {split: file[split][:] for split in SPLITS}
    except (OSError, KeyError, ValueError) as error:
        raise DeguError(f"not a readable file of targets: {error}", where=path, remedy=remedy) from error
    if digest != store.digest:
        raise DeguError("these targets are of another version of the data set", where=path, remedy=remedy)
    return targets, heads
