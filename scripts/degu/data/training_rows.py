"""The rows of the training split that models are trained on: a fraction of them, or draws from it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from degu.data.resampling import resampling_counts
from degu.data.splits import training_subset
from degu.data.store import SequenceStore


@dataclass(frozen=True)
class TrainingRows:
    """The rows that the models of one ensemble are trained on.

    Attributes
    ----------
    train
        Rows of the store's training split, (N,), sorted.
    subset
        Those of them in the training fraction, (n,), sorted.
    counts
        How often each member is given each row of the subset, int (M, n); None if all models are given each row once.
    """

    train: np.ndarray
    subset: np.ndarray
    counts: np.ndarray | None = None

    @property
    def positions(self) -> np.ndarray:
        """Positions of the subset among the rows of the training split, (n,)."""
        return np.searchsorted(self.train, self.subset)

    def of_member(self, number: int) -> np.ndarray:
        """Return the rows that the member of a seed number, which counts from 1, is trained on.

        The members of a reference ensemble come after the M others, and are drawn like them.
        """
        if self.counts is None:
            return self.subset
        return np.repeat(self.subset, self.counts[(number - 1) % len(self.counts)])

    @property
    def left_out(self) -> np.ndarray | None:
        """Which rows of the training split each member was trained without, bool (M, N).

        None if all members were trained on the same rows.
        """
        if self.counts is None:
            return None
        excluded = np.zeros((len(self.counts), len(self.train)), dtype=bool)
        excluded[:, self.positions] = self.counts == 0
        return excluded


def training_rows(store: SequenceStore, fraction: float, seed: int, resampling: Mapping | None = None) -> TrainingRows:
    """Return the training rows of a fraction.

    Parameters
    ----------
    store
        The data set.
    fraction
        Part of the training split, above 0 and at most 1.
    seed
        Seed of the configuration, which the subset follows from.
    resampling
        `members`, `method` and `seed`, as `degu.data.resampling` takes them, if members are trained on draws.
    """
    train = store.rows("train")
    subset = training_subset(train, fraction, seed)
    counts = resampling_counts(store.group[subset], **resampling) if resampling else None
    return TrainingRows(train, subset, counts)
