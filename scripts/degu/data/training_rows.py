"""The rows that models are trained and watched on: a fraction of the training split, draws from it, or negatives."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from degu.data.epochs import drawn_negatives
from degu.data.resampling import resampling_counts
from degu.data.splits import training_subset
from degu.data.store import SequenceStore
from degu.errors import DeguError

log = logging.getLogger(__name__)

# The counts of regions that are taken for the smallest ones lie at this quantile, as in ChromBPNet.
_SMALLEST = 0.01


@dataclass(frozen=True)
class TrainingRows:
    """The rows that the models of one ensemble are trained on.

    Attributes
    ----------
    train
        Rows of the store's training split, (N,), sorted.
    subset
        Those of them that models are trained on, (n,), sorted: the training fraction, or its negatives.
    validation
        Rows of the validation split that early stopping and the learning rate follow, (V,), sorted.
    counts
        How often each member is given each row of the subset, int (M, n); None if all models are given each row once.
    """

    train: np.ndarray
    subset: np.ndarray
    validation: np.ndarray
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


def training_rows(
    store: SequenceStore,
    fraction: float,
    seed: int,
    resampling: Mapping | None = None,
    windows: Mapping | None = None,
) -> TrainingRows:
    """Return the training rows of a fraction, and the validation rows that go with them.

    Parameters
    ----------
    store
        The data set, with its counts where `windows` asks for negatives with few of them.
    fraction
        Part of the training split, above 0 and at most 1.
    seed
        Seed of the configuration, which the subset follows from.
    resampling
        `members`, `method` and `seed`, as `degu.data.resampling` takes them, if members are trained on draws.
    windows
        The settings of this name in a recipe. With `rows: negatives` models are trained and watched on negatives alone.
        With a number of `negatives` they are watched on so many for each region, which are drawn once for all models.

    Raises
    ------
    DeguError
        If models are to be trained on negatives, and there are none, or none with so few counts.
    """
    train, validation = store.rows("train"), store.rows("validation")
    subset, settings = training_subset(train, fraction, seed), windows or {}
    if settings.get("rows") == "negatives":
        chosen = _negatives(store, np.append(subset, validation), settings["count_threshold"])
        subset, validation = (rows[np.isin(rows, chosen)] for rows in (subset, validation))
        _check_some({"training": subset, "validation": validation}, settings["count_threshold"])
    elif settings.get("negatives") is not None:
        drawn = drawn_negatives(store.is_negative[validation], settings["negatives"])
        validation = validation[drawn.rows(np.random.default_rng(seed))]
    counts = resampling_counts(store.group[subset], **resampling) if resampling else None
    return TrainingRows(train, subset, validation, counts)


def _negatives(store: SequenceStore, rows: np.ndarray, threshold: float | None) -> np.ndarray:
    """Return the negatives among rows; with a threshold, those that have few counts.

    These have fewer counts of each target than the threshold times the 0.01 quantile of the counts of the regions among
    the rows. ChromBPNet has the same rule (`bias_threshold_factor`), for its training and validation chromosomes.
    """
    negatives, regions = rows[store.is_negative[rows]], rows[~store.is_negative[rows]]
    if threshold is None:
        return negatives
    if store.counts is None or not len(regions):
        raise DeguError(
            "there are no regions with counts that the counts of negatives can be compared with",
            where="recipe: windows.count_threshold",
            remedy="take `count_threshold` out of the recipe",
        )
    most = threshold * np.quantile(_totals(store, regions), _SMALLEST, axis=0)
    kept = negatives[(_totals(store, negatives) < most).all(axis=1)]
    bounds = ", ".join(f"{value:,.1f} of {name}" for name, value in zip(store.target_names, most, strict=True))
    log.info("%s of %s negatives have fewer counts than %s", f"{len(kept):,}", f"{len(negatives):,}", bounds)
    return kept


def _totals(store: SequenceStore, rows: np.ndarray) -> np.ndarray:
    """Return the counts of all replicates, strands and positions together, (n, T)."""
    assert store.counts is not None
    return store.counts[rows].sum(axis=(2, 3, 4), dtype=np.int64)


def _check_some(parts: Mapping[str, np.ndarray], threshold: float | None) -> None:
    """Check that there are rows of each part."""
    for name, rows in parts.items():
        if not len(rows):
            few = "" if threshold is None else f" with fewer counts than {threshold:g} times the smallest of regions"
            raise DeguError(
                f"there are no negatives{few} among the {name} rows",
                where="recipe: windows",
                expected="a data set with negatives, such as one with `options.negatives: 1`",
                remedy="raise `options.negatives` in the file of the data set, or `count_threshold` in the recipe",
            )
