"""How far the numbers of two files are apart.

A difference is told relative to the larger of the two values or, where both are small, to the typical value they stand
among: the median magnitude of the column (of the metric, in tables of one metric a row). So a correlation of 0.001 is
not held to six digits when those beside it are 0.5. A spread over seeds, in a column `x_std`, stands among the values
of `x`: of a few seeds it is no more than an impression.
"""

from pathlib import Path

import h5py
import numpy as np
import pandas as pd

from degu.errors import DeguError
from degu.formats.tables import read_tables


def largest_differences(first: Path, second: Path) -> dict[str, float]:
    """Return the largest relative difference of each column (tsv, parquet) or array (HDF5) of two files.

    It is inf where a text or a truth value differs, where a value is missing in one file alone, and where a
    column is of another length or not there at all.

    Raises
    ------
    DeguError
        If a file is damaged.
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
    """Return the columns of a table, each in groups of one metric."""
    table = read_tables(path)
    groups = [table] if "metric" not in table else [group for _, group in table.groupby("metric", dropna=False)]
    return {name: [group[name].to_numpy() for group in groups] for name in table}


def _arrays(path: Path) -> dict[str, list[np.ndarray]]:
    found = {}

    def collect(name: str, item: h5py.HLObject) -> None:
        if isinstance(item, h5py.Dataset):
            found[name] = [item[...]]

    with h5py.File(path) as file:
        file.visititems(collect)
    return found


def _difference(first: list[np.ndarray], second: list[np.ndarray], among: list[np.ndarray]) -> float:
    if [group.shape for group in first] != [group.shape for group in second]:
        return np.inf
    return max(map(_largest, first, second, among), default=0.0)


def _largest(first: np.ndarray, second: np.ndarray, among: np.ndarray) -> float:
    """Return the largest difference of two arrays of one shape, relative to their values or those they stand among."""
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
