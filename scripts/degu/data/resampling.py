"""Ensembles whose members are trained on different rows, so that each row has members that did not see it."""

import numpy as np

from degu.errors import DeguError

METHODS = ("folds", "bootstrap")


def resampling_counts(groups: np.ndarray, members: int, method: str, seed: int) -> np.ndarray:
    """Return how often each member of an ensemble is given each training row, int (M, n).

    Whole groups are drawn or left out together, so that no member predicts a row that it did not see from a relative of
    that row.

    Parameters
    ----------
    groups
        Group of each training row, (n,).
    members
        Number M of members.
    method
        `folds`: the groups are dealt into M parts, and member m is given all but part m (for CV+). `bootstrap`: each
        member draws as many groups as there are, with replacement (for the jackknife+ after bootstrap).
    seed
        Seed of the draws, the same for every member.

    Raises
    ------
    DeguError
        If there are fewer groups than members.
    """
    names, of_row = np.unique(groups, return_inverse=True)
    if len(names) < max(members, 2):
        raise DeguError(f"{len(names)} groups for {members} members", where=f"resampling: {method}")
    rng = np.random.default_rng([seed, METHODS.index(method)])
    if method == "folds":
        fold = rng.permutation(np.arange(len(names)) % members)
        counts = fold != np.arange(members)[:, None]
    else:
        draws = rng.integers(len(names), size=(members, len(names)))
        counts = np.stack([np.bincount(draw, minlength=len(names)) for draw in draws])
    return counts.astype(np.int64)[:, of_row]
