"""Pools: sequences without measurements, which the members of an ensemble have labelled for all of its students."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from degu.data.store import SequenceStore
from degu.errors import DeguError
from degu.formats.hdf5 import read_hdf5, write_hdf5
from degu.prediction.ensemble import Predictions, get_predictions, put_predictions
from degu.provenance.digests import content_digest

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


def write_pool(pool: Pool, path: Path, digest: str, ensemble: Path) -> None:
    """Write a labelled pool, with digests of the store it was made for and of the predictions of its ensemble."""
    with write_hdf5(path) as file:
        put_predictions(pool.predictions, file, digest)
        file.attrs["ensemble_digest"] = content_digest(ensemble)
        for part in PARTS:
            file.create_dataset(f"tokens/{part}", data=pool.tokens[part], compression="gzip")


def read_pool(path: Path, store: SequenceStore, *, ensemble: Path | None = None) -> Pool:
    """Read a labelled pool.

    Parameters
    ----------
    path, store
        The file, and the data set.
    ensemble
        The predictions of the ensemble that has to have labelled the pool; with None it is not compared.

    Raises
    ------
    DeguError
        If the file is damaged, or was made for another store or by another ensemble.
    """
    with read_hdf5(path, "pool", digest=store.digest) as file:
        if ensemble is not None and file.attrs["ensemble_digest"] != content_digest(ensemble):
            # Snakemake labels it anew, unless the file of its sequences is gone.
            raise DeguError(
                "other members have labelled the pool than those of the ensemble now",
                where=path,
                expected=f"labels of the members whose predictions are in {ensemble}",
                remedy="put the file with the sequences of the pool back, so that they are labelled anew",
            )
        return Pool({part: file["tokens"][part][:] for part in PARTS}, get_predictions(file, PARTS))
