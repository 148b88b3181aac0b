"""How much the numbers of two files differ.

A difference is relative to the larger of two values. If both are small, it is relative to the typical value instead:
the median magnitude of the column, or of the same metric in a table with one metric in each row. So a correlation of
0.001 need not agree to six digits when the others are 0.5. A standard deviation over seeds, in a column `x_std`, is
relative to the typical value of `x`, because a few seeds estimate it only roughly.
"""

from pathlib import Path

import h5py
import numpy as np
import pandas as pd

from degu.errors import DeguError
from degu.formats.tables import read_tables


def largest_differences(first: Path, second: Path) -> dict[str, float]:
    """Return the largest relative difference of each column (tsv, parquet) or array (HDF5) of two files.

    The difference is infinite if text or a truth value differs, if a value is missing in one file only, and if a column
    is missing or has another length.

    Raises
    ------
    DeguError
        If a file is absent or damaged.
    """
    columns = []
    for path in (first, second):
        try:
            columns.append(_arrays(path) if path.suffix == ".h5" else _columns(path))
        except (OSError, ValueError, KeyError) as error:
            raise DeguError(f"not a readable file of numbers: {error}", where=path) from error
    one, other = columns
    missing = dict.fromkeys(one.keys() ^ other.keys(), np.inf)
    among = {name: one.get(name.removesuffix("_std"), one[name]) for name in one}
    return missing | {name: _difference(one[name], other[name], among[name]) for name in one if name in other}


def _columns(path: Path) -> dict[str, list[np.ndarray]]:
    """Return the columns of a table, each divided into one array for each metric."""
    table = read_tables(path)
    groups = [table] if "metric" not in table else [group for _, group in table.groupby("metric", dropna=False)]
    return {str(name): [group[name].to_numpy() for group in groups] for name in table}


def _arrays(path: Path) -> dict[str, list[np.ndarray]]:
    found = {}

    def collect(name: str, item: h5py.HLObject) -> None:
        if isinstance(item, h5py.Dataset):
            found[name] = [item[...]]

    with h5py.File(path, locking=False) as file:
        file.visititems(collect)
    return found


def _difference(first: list[np.ndarray], second: list[np.ndarray], among: list[np.ndarray]) -> float:
    if [group.shape for group in first] != [group.shape for group in second]:
        return np.inf
    return max(map(_largest, first, second, among), default=0.0)


def _largest(first: np.ndarray, second: np.ndarray, among: np.ndarray) -> float:
    """Return the largest relative difference of two arrays of one shape.

    Parameters
    ----------
    first, second
        The arrays.
    among
        The values whose median magnitude is the typical value.
    """
    if not all(np.issubdtype(values.dtype, np.number) for values in (first, second)):
        same = (first == second) | (pd.isna(first) & pd.isna(second))
        return 0.0 if same.all() else np.inf
    first, second = first.astype(np.float64), second.astype(np.float64)
    different = (first != second) & ~(np.isnan(first) & np.isnan(second))
    if not different.any():
        return 0.0
    one, other = first[different], second[different]
    magnitudes = np.maximum(np.abs(one), np.abs(other))
    if not np.isfinite(magnitudes).all():
        return np.inf
    typical = np.median(np.abs(among[np.isfinite(among)]))
    return float((np.abs(one - other) / np.maximum(magnitudes, typical)).max())
