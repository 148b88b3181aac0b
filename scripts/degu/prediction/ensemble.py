"""Saved predictions of the models of one recipe. All later statistics of an ensemble come from them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from degu.data.splits import SPLITS
from degu.data.store import SequenceStore
from degu.errors import DeguError
from degu.formats.hdf5 import read_hdf5, write_hdf5
from degu.outputs.heads import PROFILE_UNCERTAINTIES, UNCERTAINTIES, Heads


@dataclass(frozen=True)
class Predictions:
    """Predictions of several models of one recipe for every row of a data set.

    Attributes
    ----------
    values
        float32, (M, n, W), for each split that was predicted; the rows are those of `SequenceStore.rows`.
    heads
        The heads, which say what the last axis holds.
    seeds
        Seed numbers of the M models.
    """

    values: dict[str, np.ndarray]
    heads: Heads
    seeds: list[int]

    def first(self, count: int | None, *, where: str = "ensemble_size") -> "Predictions":
        """Return the predictions of the first models.

        Parameters
        ----------
        count
            Number of models that are asked for; None stands for all.
        where
            What asks for them, for error messages.

        Raises
        ------
        DeguError
            If fewer are there. Models that have not learned may have been left out.
        """
        if count is None:
            return self
        there = len(self.seeds)
        if not 1 <= count <= there:
            raise DeguError(
                f"{count} members are asked for, and {there} are there",
                where=where,
                expected=f"from 1 to {there}; `study.unlearned_members: leave_out` leaves out those that have not "
                "learned",
                remedy=f"train more members, or name a student of at most {there}",
            )
        return self.of_seeds(self.seeds[:count])

    def of_seeds(self, seeds: Sequence[int]) -> "Predictions":
        """Return the predictions of the models of some seeds, in the order in which they stand here."""
        kept = [index for index, seed in enumerate(self.seeds) if seed in seeds]
        values = {split: values[kept] for split, values in self.values.items()}
        return Predictions(values, self.heads, [self.seeds[index] for index in kept])

    def mean(self, split: str) -> np.ndarray:
        """Return the mean over models, (n, W)."""
        return self.values[split].mean(axis=0, dtype=np.float64)

    def heads_of_ensemble(self, split: str) -> dict[str, np.ndarray]:
        """Return each head of the models together, (n, T) and its trailing axes, by the law of total variance.

        Means, interval ends, probabilities and profiles are averaged. `aleatoric` is the root of the mean of the
        models' variances, and so is each uncertainty of a profile. `epistemic` is the root of the variance of their
        means plus, if they predict one themselves, the mean of their epistemic variances.
        """
        within = (*UNCERTAINTIES, *PROFILE_UNCERTAINTIES)
        combined = {}
        for head in self.heads.heads:
            values = self.heads.select(self.values[split], head).astype(np.float64)
            combined[head] = np.sqrt(np.square(values).mean(axis=0)) if head in within else values.mean(axis=0)
        if "mean" not in combined:
            return combined
        between = np.square(self.heads.select(self.std(split), "mean"))
        return {**combined, "epistemic": np.sqrt(between + np.square(combined.get("epistemic", 0.0)))}

    def std(self, split: str) -> np.ndarray:
        """Return the standard deviation over models (ddof=0, as published), (n, W)."""
        return self.values[split].std(axis=0, dtype=np.float64)


def models_of_seeds(models: Sequence[str], seeds: Sequence[int], kept: Sequence[int]) -> list[Path]:
    """Return the files of the models whose seeds are kept, of the files of all models and their seeds."""
    return [Path(path) for seed, path in zip(seeds, models, strict=True) if seed in kept]


def write_predictions(predictions: Predictions, path: Path, digest: str) -> None:
    """Write predictions, with the digest of the store they belong to."""
    with write_hdf5(path) as file:
        put_predictions(predictions, file, digest)


def put_predictions(predictions: Predictions, file: h5py.File, digest: str) -> None:
    """Put predictions, and the digest of the store they belong to, into an HDF5 file that is open for writing."""
    file.attrs["heads"] = json.dumps(predictions.heads.to_json())
    file.attrs["seeds"] = predictions.seeds
    file.attrs["store_digest"] = digest
    for split, values in predictions.values.items():
        file.create_dataset(split, data=values, compression="gzip")


def get_predictions(file: h5py.File, splits: Iterable[str], *, profiles: bool = True) -> Predictions:
    """Return the predictions of some splits that `put_predictions` has put into an HDF5 file.

    Without `profiles`, only heads of one value a target are read, if a model predicts such a head first.
    """
    heads = Heads.from_json(json.loads(file.attrs["heads"]))
    seeds = file.attrs["seeds"].tolist()
    if profiles or heads.shape(heads.heads[0]) or not heads.shapes:
        return Predictions({split: file[split][:] for split in splits}, heads, seeds)
    own = heads.of_one_value()
    columns = heads.columns(own.heads)
    return Predictions({split: file[split][:, :, columns] for split in splits}, own, seeds)


def read_predictions(
    path: Path, store: SequenceStore, *, profiles: bool = False, only: Sequence[str] = SPLITS
) -> Predictions:
    """Read predictions of a store.

    Parameters
    ----------
    path, store
        The file, and the data set.
    profiles
        Whether heads with trailing axes are read, too. They are large, and most that is done with predictions needs
        the heads of one value a target alone.
    only
        The splits that are read.

    Raises
    ------
    DeguError
        If the file is damaged, or belongs to another store.
    """
    with read_hdf5(path, "file of predictions", digest=store.digest) as file:
        # Stochastic models predict the calibration and test splits alone.
        splits = (name for name in only if name in file or name in ("calibration", "test"))
        return get_predictions(file, splits, profiles=profiles)
