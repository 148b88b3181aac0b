"""Splits by group, so that no relative of a training sequence is ever a test sequence.

A group is everything that must stay together: equal sequences, reverse complements, and rows that the data set itself
calls one group, such as both orientations of an element or all mutants of one parent.
"""

import logging
from collections.abc import Mapping

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from degu.config.check_split import ALL_OTHERS, SPLITS, check_fractions
from degu.data.sequences import canonical
from degu.errors import DeguError, did_you_mean, name_rows
from degu.formats.look_alikes import tidy

# The label of a row whose cell is empty.
EMPTY_CELL = "none"
CODE = {name: code for code, name in enumerate(SPLITS)}

log = logging.getLogger(__name__)


def connect_groups(tokens: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
    """Return a group number per sequence.

    Two sequences share a group if a chain of equal sequences, reverse complements or equal labels links them. Sequences
    are compared without the N at their ends.

    Parameters
    ----------
    tokens
        Sequences, uint8 of shape (N, L).
    labels
        The data set's own groups, shape (N,).

    Returns
    -------
    int64 array of shape (N,), numbered from 0 in order of first appearance
    """
    n = len(tokens)
    _, sequence = np.unique(canonical(tokens), return_inverse=True)
    edges = [sequence.ravel()]
    if labels is not None:
        _, label = np.unique(np.asarray(labels).astype(str), return_inverse=True)
        edges.append(label.ravel() + sequence.max() + 1)
    # A bipartite graph of rows and keys: its components are the groups.
    rows = np.tile(np.arange(n), len(edges))
    keys = np.concatenate(edges)
    size = n + int(keys.max()) + 1
    graph = coo_array((np.ones(len(rows), dtype=np.int8), (rows, n + keys)), shape=(size, size))
    component = connected_components(graph.tocsr(), directed=False)[1][:n]
    _, first, inverse = np.unique(component, return_index=True, return_inverse=True)
    order = np.argsort(np.argsort(first))
    return order[inverse.ravel()].astype(np.int64)


def random_split(
    groups: np.ndarray,
    fractions: Mapping[str, float],
    rng: np.random.Generator,
    strata: np.ndarray | None = None,
) -> np.ndarray:
    """Split groups at random, so that each split has about its fraction of the rows.

    Parameters
    ----------
    groups
        Group of each row, shape (N,).
    fractions
        Fraction of the rows for each of `SPLITS`, summing to 1.
    rng
        Source of the random draw.
    strata
        Kind of each row, shape (N,). The fractions hold within each kind, and a group has the kind of its first row.

    Returns
    -------
    uint8 array of shape (N,), codes into `SPLITS`

    Raises
    ------
    DeguError
        If the fractions are not four numbers from 0 to 1 that sum to 1.
    """
    check_fractions(fractions)
    split = np.full(len(groups), CODE["train"], dtype=np.uint8)
    _, first, inverse = np.unique(groups, return_index=True, return_inverse=True)
    sizes = np.bincount(inverse.ravel())
    kind = np.zeros(len(sizes), dtype=np.int64) if strata is None else np.unique(strata[first], return_inverse=True)[1]
    group_split = np.empty(len(sizes), dtype=np.uint8)
    for value in np.unique(kind):
        members = rng.permutation(np.flatnonzero(kind == value))
        group_split[members] = _cut(sizes[members], fractions)
    split[:] = group_split[inverse.ravel()]
    return split


def _cut(sizes: np.ndarray, fractions: Mapping[str, float]) -> np.ndarray:
    """Cut a shuffled list of groups into splits at the places nearest to the wanted numbers of rows.

    Train, test and calibration come first; validation is what remains, as in the published split.
    """
    rows = np.concatenate([[0], np.cumsum(sizes)])
    split = np.full(len(sizes), CODE["validation"], dtype=np.uint8)
    start = 0
    for name in ("train", "test", "calibration"):
        wanted = rows[start] + fractions[name] * rows[-1]
        stop = max(start, int(np.abs(rows - wanted).argmin()))
        split[start:stop] = CODE[name]
        start = stop
    return split


def named_split(labels: np.ndarray, names: Mapping[str, list[str]], *, where: object = None) -> np.ndarray:
    """Split by a column of labels (a published split, or chromosomes).

    Parameters
    ----------
    labels
        Label of each row, shape (N,).
    names
        The labels that make up each split; `"*"` stands for every label not named elsewhere.

    Returns
    -------
    uint8 array of shape (N,), codes into `SPLITS`

    Raises
    ------
    DeguError
        If a label belongs to no split or to two, or a named label does not occur.
    """
    labels = np.asarray(labels).astype(str)
    present = set(np.unique(labels).tolist())
    code: dict[str, int] = {}
    rest = None
    for split, members in names.items():
        if split not in CODE:
            raise DeguError(f"unknown split '{split}'", where=where, expected=did_you_mean(split, SPLITS))
        for member in members:
            # Importers tidy the labels of most sources.
            label = member if member in present else tidy(member)
            if label == ALL_OTHERS:
                rest = CODE[split]
            elif label not in present:
                raise DeguError(f"no row has split label '{label}'", where=where, expected=did_you_mean(label, present))
            elif code.setdefault(label, CODE[split]) != CODE[split]:
                raise DeguError(
                    f"the label '{label}' belongs to {SPLITS[code[label]]} and {split}",
                    where=where,
                    expected="each label once",
                    remedy="remove it from one of them",
                )
    homeless = sorted(present - set(code)) if rest is None else []
    if homeless:
        label = homeless[0]
        raise DeguError(
            f"{'an empty cell' if label == EMPTY_CELL else f'split label {label!r}'} belongs to no split",
            where=where,
            expected=f"one of {', '.join(sorted(code))}",
            remedy=f"name '{label}' under `split.labels`, or give one split the label '*' for all others",
        )
    return np.array([code.get(label, rest) for label in labels], dtype=np.uint8)


def present_labels(names: Mapping[str, list[str]], labels: np.ndarray, *, where: object = None) -> dict[str, list[str]]:
    """Return the labels of each split that occur among those of the rows.

    A fold names chromosomes of a genome, such as chrY, of which an assay may have no region.

    Parameters
    ----------
    names
        The labels that make up each split, and `"*"`, which is kept.
    labels
        Label of each row, shape (N,).

    Raises
    ------
    DeguError
        If no label of a split occurs.
    """
    occurring = set(np.asarray(labels).astype(str).tolist())
    kept = {split: [name for name in members if name in occurring | {ALL_OTHERS}] for split, members in names.items()}
    for split, members in kept.items():
        if names[split] and not members:
            raise DeguError(
                f"no row is of {', '.join(names[split])}, which are the {split} chromosomes",
                where=where,
                expected=f"some of the chromosomes of the rows, which are {', '.join(sorted(occurring))}",
                remedy="name chromosomes under `split.labels` instead",
            )
    return kept


def cut_calibration(split: np.ndarray, groups: np.ndarray, fraction: float, rng: np.random.Generator) -> np.ndarray:
    """Return the split with a fraction of the validation groups moved to calibration."""
    split = split.copy()
    validation = np.flatnonzero(split == CODE["validation"])
    fractions = {"train": 0.0, "validation": 1 - fraction, "calibration": fraction, "test": 0.0}
    cut = random_split(groups[validation], fractions, rng)
    split[validation[cut == CODE["calibration"]]] = CODE["calibration"]
    return split


def find_leaks(split: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return the rows, shape (K,), that have a relative in a later split (test is last).

    Dropping them leaves every group within one split, and the test split whole.
    """
    latest = np.zeros(int(groups.max()) + 1, dtype=np.uint8)
    np.maximum.at(latest, groups, split)
    return np.flatnonzero(split < latest[groups])


def check_splits(
    split: np.ndarray,
    groups: np.ndarray,
    rows: np.ndarray | None = None,
    *,
    method: str = "random",
    where: object = None,
) -> None:
    """Check that no split is empty and no group straddles two.

    Parameters
    ----------
    split, groups
        Code and group of each row, shape (N,).
    rows
        The numbers of the rows in their file, shape (N,), by default from 1 on.
    method
        How the rows were split: `random`, `column` or `chromosome`.
    where
        The data set's name, for error messages.

    Raises
    ------
    DeguError
        If a split is empty or a relative of one split's sequence lies in another.
    """
    for name, code in CODE.items():
        if not (split == code).any():
            raise DeguError(
                f"the {name} split is empty ({len(split):,} rows in {len(np.unique(groups)):,} groups)",
                where=where,
                remedy=_how_to_fill(name, method),
            )
    rows = np.arange(1, len(split) + 1) if rows is None else rows
    leaks = find_leaks(split, groups)
    if leaks.size:
        row = int(leaks[0])
        relative = int(np.flatnonzero((groups == groups[row]) & (split != split[row]))[0])
        raise DeguError(
            f"{leaks.size:,} rows have an equal sequence, a reverse complement or a member of their group in another "
            f"split: {name_rows(rows[leaks])}; row {rows[row]} is in {SPLITS[split[row]]}, "
            f"its relative, row {rows[relative]}, in {SPLITS[split[relative]]}",
            where=where,
            expected="every group within one split",
            remedy="correct the split, or set `leaks: drop` in the data set's file to drop the earlier of the two",
        )


def _how_to_fill(split: str, method: str) -> str:
    """Return what to do about a split that is empty."""
    if method == "random":
        return (
            f"give it a larger fraction, as `split.fractions.{split}`, add rows of more groups to the file, or write "
            "the split of each row into a column `split` of the table, and take it from there (`split.method: column`)"
        )
    if split in ("validation", "calibration"):
        return (
            "name labels of more groups for validation under `split.labels`, or change "
            "`split.calibration_from_validation`, if calibration has no labels of its own"
        )
    return f"name labels of more rows for {split} under `split.labels`"


def training_subset(rows: np.ndarray, fraction: float, seed: int) -> np.ndarray:
    """Return the rows of a training fraction: sorted, the same for every member, nested over fractions.

    The subset has `round(fraction * N)` rows, as published; the draw is ours.
    """
    if not 0 < fraction <= 1:
        raise DeguError(f"the training fraction is {fraction:g}", expected="above 0 and at most 1")
    order = np.random.default_rng([seed, len(rows)]).permutation(len(rows))
    count = round(len(rows) * fraction)
    if count == 0:
        raise DeguError(f"a training fraction of {fraction:g} leaves none of {len(rows):,} rows")
    return np.sort(rows[order[:count]])
