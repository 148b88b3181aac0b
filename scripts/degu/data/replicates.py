"""Replicates: the columns that hold them, and their mean and standard deviation."""

import logging

import numpy as np
import pandas as pd

from degu.errors import DeguError, name_rows
from degu.formats.cells import numeric

log = logging.getLogger(__name__)


def read_replicates(frame: pd.DataFrame, columns: list[str], *, where: object) -> np.ndarray:
    """Return columns of replicates as float64 of shape (N, R), NaN where a cell is empty.

    How many rows lack a replicate is logged, because their mean and standard deviation are taken over fewer.

    Raises
    ------
    DeguError
        If a column holds no number at all, or a cell something else than a number.
    """
    values = numeric(frame, columns, where=where)
    missing = np.isnan(values)
    if missing.all(axis=0).any():
        raise DeguError(
            f"the column '{columns[int(missing.all(axis=0).argmax())]}' of replicates is empty in all rows",
            where=where,
            expected="a number in some rows at least",
            remedy="name the column that holds the replicate, or leave it out",
        )
    some = missing.any(axis=1) & ~missing.all(axis=1)
    if some.any():
        log.warning(
            "%s: %s of %s rows lack a replicate; their mean and standard deviation are taken over the others: %s",
            where,
            f"{some.sum():,}",
            f"{len(some):,}",
            name_rows(frame.index[some]),
        )
    return values


def replicate_mean_and_std(replicates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviation (ddof=1) over replicates.

    Parameters
    ----------
    replicates
        (N, T, R) and any further axes, NaN where a replicate is missing.

    Returns
    -------
    Two arrays of shape (N, T) and the further axes; the standard deviation is NaN where fewer than two replicates are
    there
    """
    # An infinite replicate is none; whoever has one is told by `usable_rows`.
    replicates = np.where(np.isfinite(replicates), replicates, np.nan)
    count = np.isfinite(replicates).sum(axis=2)
    total = np.nansum(replicates, axis=2)
    mean = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    squares = np.nansum((replicates - mean[:, :, None]) ** 2, axis=2)
    variance = np.divide(squares, count - 1, out=np.full(total.shape, np.nan), where=count > 1)
    return mean, np.sqrt(variance)
