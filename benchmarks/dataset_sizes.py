"""The sizes of data sets: those of their stores or, before these are made, what their settings say."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from degu.config.counted_windows import counted_windows
from degu.data.splits import SPLITS
from degu.errors import DeguError


@dataclass(frozen=True)
class DatasetSize:
    """The size of a data set.

    Attributes
    ----------
    rows
        Number of rows of each split.
    length, targets, replicates
        L, T, and R, 0 where there are none.
    profile
        Number of strands and of positions with counts; None if there are no counts.
    context
        Number of bases that are kept beside each window.
    negatives
        Number of negatives for each region.
    """

    rows: Mapping[str, int]
    length: int
    targets: int
    replicates: int = 0
    profile: tuple[int, int] | None = None
    context: int = 0
    negatives: float = 0

    @property
    def counts(self) -> int:
        """Number of counts of a row, with those beside its window."""
        if self.profile is None:
            return 0
        strands, positions = self.profile
        return self.targets * max(1, self.replicates) * strands * (positions + self.context)

    @property
    def total(self) -> int:
        """Rows of all splits."""
        return sum(self.rows.values())


def dataset_size(settings: Mapping, store: Path) -> DatasetSize:
    """Return the size of a data set: that of its store or, before it is made, as its settings say.

    Raises
    ------
    DeguError
        If neither says.
    """
    if store.is_file():
        with h5py.File(store) as file:
            counts = np.bincount(file["split"][:].astype(np.uint8), minlength=len(SPLITS)).tolist()
            replicates = file["replicates"].shape[2] if "replicates" in file else 0
            rows = dict(zip(SPLITS, counts, strict=True))
            shape = file["tokens"].shape[1], file["targets"].shape[1], replicates
            return DatasetSize(rows, *shape, **_of_counts(settings))
    options = settings["options"]
    if settings["published_size"]:
        return DatasetSize(**settings["published_size"], **_of_counts(settings))
    length = options.get("length", options.get("input_length"))
    if length and {"number", "replicates"} <= set(options):
        rows = {split: round(options["number"] * part) for split, part in settings["split"]["fractions"].items()}
        return DatasetSize(rows, length, 1, options["replicates"], **_of_counts(settings))
    raise DeguError(
        "nothing says how many rows there are", where=store, remedy=f"make it first: snakemake {store} --cores all"
    )


def _of_counts(settings: Mapping) -> dict:
    """Return what is known of the counts at each base of a data set from its settings; nothing if it has none."""
    windows = counted_windows(settings)
    if windows is None:
        return {}
    profile = windows.strands, windows.positions
    return {"profile": profile, "context": windows.context, "negatives": windows.negatives}
