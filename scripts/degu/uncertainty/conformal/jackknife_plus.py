"""Jackknife+, CV+ and jackknife+-after-bootstrap from an ensemble whose members were trained without some rows.

The rows that the members left out decide which of the three it is: one row each makes the jackknife+ (Barber et al.
2021), a fold each makes CV+ (the same paper), and the rows that a bootstrap sample missed make the
jackknife+-after-bootstrap (Kim et al. 2020). No rows are set aside for calibration; instead, training and test rows
must be exchangeable. The guaranteed probability to cover is only about 1 - 2 * alpha; the usual one is near 1 - alpha.
"""

import logging
from collections.abc import Mapping

import numpy as np

from degu.uncertainty.rows import Inapplicable, Rows, need_split, rank

log = logging.getLogger(__name__)

# Entries of an array of training rows by test rows. Three such arrays are in memory at a time, 50 MB together.
_BLOCK = 2**21


def intervals(rows: Mapping[str, Rows], level: float) -> np.ndarray:
    """Return intervals for the test rows, (n, 2).

    Let mu_i be the mean of the members that were trained without training row i, and R_i = |y_i - mu_i(x_i)|. The lower
    end at x is the floor(alpha (n + 1))-th smallest of mu_i(x) - R_i, and the upper end is the
    ceil((1 - alpha) (n + 1))-th smallest of mu_i(x) + R_i.

    Parameters
    ----------
    rows
        Rows of `train`, with `members` and `excluded`, and of `test`, with `members`. Training rows that every member
        was trained on are left out.
    level
        Nominal coverage, 1 - alpha.

    Returns
    -------
    Intervals, (n, 2), infinite if there are too few training rows for the level

    Raises
    ------
    Inapplicable
        If there are no members, or every member was trained on every row.
    """
    train, test = need_split(rows, "train"), rows["test"]
    members, excluded, test_members = train.need("members"), train.need("excluded"), test.need("members")
    usable = excluded.any(axis=0)
    if not usable.any():
        raise Inapplicable("every member was trained on every row", remedy="train on folds or bootstrap samples")
    if not usable.all():
        log.info("left out %s of %s training rows: every member saw them", f"{(~usable).sum():,}", f"{usable.size:,}")
    share = excluded[:, usable] / excluded[:, usable].sum(axis=0)
    residual = np.abs(train.measured[usable] - np.sum(share * members[:, usable], axis=0))

    result = np.empty((test_members.shape[1], 2))
    for start in range(0, len(result), block := max(1, _BLOCK // len(residual))):
        without = test_members[:, start : start + block].T.astype(np.float64) @ share
        result[start : start + block, 1] = _smallest(without + residual, level)
        result[start : start + block, 0] = -_smallest(residual - without, level)
    return result


def _smallest(values: np.ndarray, level: float) -> np.ndarray:
    """Return the `rank`-th smallest of each row of an array (B, n), (B,); infinite if there are too few."""
    k = rank(values.shape[1], level)
    return np.partition(values, k - 1, axis=1)[:, k - 1] if k <= values.shape[1] else np.full(len(values), np.inf)
