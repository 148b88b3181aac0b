"""Jackknife+, CV+ and jackknife+-after-bootstrap from an ensemble whose members were trained without some rows.

Which of them it is depends on what the members left out: one row each (Barber et al. 2021, jackknife+), a fold each
(the same, CV+), or what a bootstrap sample missed (Kim et al. 2020). No rows are set aside
for calibration: training and test rows must be exchangeable instead. Only a probability of about 1 - 2 * alpha is
guaranteed; near 1 - alpha is usual.
"""

import logging
from collections.abc import Mapping

import numpy as np

from degu.uncertainty.rows import Inapplicable, Rows, need_split, rank

log = logging.getLogger(__name__)

# Entries of an array of training by test rows, of which there are three at a time: 50 MB.
_BLOCK = 2**21


def intervals(rows: Mapping[str, Rows], level: float) -> np.ndarray:
    """Return intervals for the test rows, (n, 2).

    With mu_i the mean of the members trained without training row i, and R_i = |y_i - mu_i(x_i)|, the lower end at x is
    the floor(alpha (n + 1))-th smallest of mu_i(x) - R_i, the upper the ceil((1 - alpha) (n + 1))-th of mu_i(x) + R_i.

    Parameters
    ----------
    rows
        The rows of `train`, with `members` and `excluded`, and of `test`, with `members`. Training rows that every
        member was trained on are left out.
    level
        1 - alpha.

    Returns
    -------
    (n, 2), infinite if there are too few training rows for the level

    Raises
    ------
    Inapplicable
        If there are no members, or no training row was left out by one.
    """
    train, test = need_split(rows, "train"), rows["test"]
    members, excluded, test_members = train.need("members"), train.need("excluded"), test.need("members")
    usable = excluded.any(axis=0)
    if not usable.any():
        raise Inapplicable("every member was trained on every row", remedy="train on folds or bootstrap samples")
    if not usable.all():
        log.info("left out %s of %s training rows: every member saw them", f"{(~usable).sum():,}", f"{len(usable):,}")
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
