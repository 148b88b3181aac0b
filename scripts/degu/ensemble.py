"""What the models of one recipe predict for a data set: all later statistics of an ensemble come from this."""

import json
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from degu.errors import DeguError
from degu.files import write_aside
from degu.heads import Heads
from degu.splits import SPLITS
from degu.store import SequenceStore

_REMEDY = "delete the file and run Snakemake again"


@dataclass(frozen=True)
class Predictions:
    """What several models of one recipe predict for every row of a data set.

    Attributes
    ----------
    values
        float32, (M, n, H * T), for each split; the rows are those of `SequenceStore.rows`.
    heads
        Meaning of the last axis.
    seeds
        Of the M models.
    """

    values: dict[str, np.ndarray]
    heads: Heads
    seeds: list[int]

    def first(self, count: int) -> "Predictions":
        """Return the predictions of the first `count` models."""
        if not 1 <= count <= len(self.seeds):
            raise DeguError(f"{count} of {len(self.seeds)} members are asked for", where="ensemble_size")
        return Predictions(
            {split: values[:count] for split, values in self.values.items()}, self.heads, self.seeds[:count]
        )

    def mean(self, split: str) -> np.ndarray:
        """Return the mean over models, (n, H * T)."""
        return self.values[split].mean(axis=0, dtype=np.float64)

    def std(self, split: str) -> np.ndarray:
        """Return the standard deviation over models (ddof=0, as published), (n, H * T)."""
        return self.values[split].std(axis=0, dtype=np.float64)


def write_predictions(predictions: Predictions, path: Path, digest: str) -> None:
    """Write predictions, with the digest of the store they belong to."""
    with write_aside(path) as aside, h5py.File(aside, "w") as file:
        file.attrs["heads"] = json.dumps(predictions.heads.to_json())
        file.attrs["seeds"] = predictions.seeds
        file.attrs["store_digest"] = digest
        for split, values in predictions.values.items():
            file.create_dataset(split, data=values, compression="gzip")


def read_predictions(path: Path, store: SequenceStore) -> Predictions:
    """Read predictions of a store.

    Raises
    ------
    DeguError
        If the file is damaged, or belongs to another store.
    """
    try:
        with h5py.File(path) as file:
            digest = file.attrs["store_digest"]
            heads = Heads.from_json(json.loads(file.attrs["heads"]))
            predictions = Predictions({split: file[split][:] for split in SPLITS}, heads, file.attrs["seeds"].tolist())
    except (OSError, KeyError, ValueError) as error:
        raise DeguError(f"not a readable file of predictions: {error}", where=path, remedy=_REMEDY) from error
    if digest != store.digest:
        raise DeguError("these predictions are of another version of the data set", where=path, remedy=_REMEDY)
    return predictions
