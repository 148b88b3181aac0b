"""Which rows of a training each epoch has, and in what order.

Both follow from a seed and the number of the epoch alone, so that a training that was interrupted goes on with the rows
that it would have had.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np


class Epochs(ABC):
    """The rows of each epoch."""

    @property
    @abstractmethod
    def size(self) -> int:
        """Number of rows in an epoch."""

    @abstractmethod
    def order(self, seed: int, epoch: int) -> np.ndarray:
        """Return the numbers of the rows of an epoch, which counts from 0, shuffled, (size,)."""


@dataclass(frozen=True)
class Permutations(Epochs):
    """Epochs that go on in an endless series of permutations of all rows: all are seen before one is seen again.

    Attributes
    ----------
    rows
        Number of rows.
    epoch_size
        Number of rows in an epoch, which may be smaller or larger than that of all.
    """

    rows: int
    epoch_size: int

    @property
    def size(self) -> int:
        """Number of rows in an epoch."""
        return self.epoch_size

    def order(self, seed: int, epoch: int) -> np.ndarray:
        """Return the numbers of the rows of an epoch, shuffled, (size,)."""
        start = epoch * self.size
        first, last = start // self.rows, (start + self.size - 1) // self.rows
        permutations = [
            np.random.default_rng([seed, number]).permutation(self.rows) for number in range(first, last + 1)
        ]
        return np.concatenate(permutations)[start - first * self.rows :][: self.size]


@dataclass(frozen=True)
class DrawnNegatives(Epochs):
    """Epochs of all regions and of some negatives, which are drawn without replacement and anew for each epoch.

    ChromBPNet has such epochs (`subsample_nonpeak_data`), with a tenth as many negatives as regions.

    Attributes
    ----------
    regions, negatives
        Numbers of the rows that are regions of the assay, and of those that are negatives, (n,) and (m,).
    drawn
        Number of negatives in an epoch, at most m.
    """

    regions: np.ndarray
    negatives: np.ndarray
    drawn: int

    @property
    def size(self) -> int:
        """Number of rows in an epoch."""
        return len(self.regions) + self.drawn

    def rows(self, rng: np.random.Generator) -> np.ndarray:
        """Return the numbers of all regions and of negatives as they are drawn once, in rising order, (size,)."""
        return np.sort(np.append(self.regions, rng.choice(self.negatives, self.drawn, replace=False)))

    def order(self, seed: int, epoch: int) -> np.ndarray:
        """Return the numbers of the rows of an epoch, shuffled, (size,)."""
        rng = np.random.default_rng([seed, epoch])
        return rng.permutation(self.rows(rng))


def drawn_negatives(negative: np.ndarray, each: float) -> DrawnNegatives:
    """Return epochs with a number of negatives for each region, or with all that there are if these are fewer.

    Parameters
    ----------
    negative
        Which rows are negatives, bool (n,).
    each
        Number of negatives for each region, 0 or more; their number is rounded to a whole one.
    """
    regions, negatives = np.flatnonzero(~negative), np.flatnonzero(negative)
    return DrawnNegatives(regions, negatives, min(round(each * len(regions)), len(negatives)))
