"""Pools: sequences without measurements, which the members of an ensemble have labelled for all of its students."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from degu.data.store import SequenceStore
from degu.formats.hdf5 import read_hdf5, write_hdf5
from degu.prediction.ensemble import Predictions, get_predictions, put_predictions

PARTS = ("train", "validation")


@dataclass(frozen=True)
class Pool:
    """The labelled sequences of a pool.

    Attributes
    ----------
    tokens
        uint8, (n, L), for each of the parts `train` and `validation`. The first sequences of `train` are as good a
        sample as any others.
    predictions
        What each member predicts for them, by part.
    """

    tokens: dict[str, np.ndarray]
    predictions: Predictions


def write_pool(pool: Pool, path: Path, digest: str) -> None:
    """Write a labelled pool, with the digest of the store it was made for."""
    with write_hdf5(path) as file:
        put_predictions(pool.predictions, file, digest)
        for part in PARTS:
            file.create_dataset(f"tokens/{part}", data=pool.tokens[part], compression="gzip")


def read_pool(path: Path, store: SequenceStore) -> Pool:
    """Read a labelled pool.

    Raises
    ------
    DeguError
        If the file is damaged, or was made for another store.
    """
    with read_hdf5(path, "pool", digest=store.digest) as file:
        return Pool({part: file["tokens"][part][:] for part in PARTS}, get_predictions(file, PARTS))
