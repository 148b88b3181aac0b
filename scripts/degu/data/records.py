"""The records that every importer returns, and the one place where bad rows are found."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from degu.data.letters import check_letters
from degu.data.sequences import encode
from degu.errors import DeguError, name_rows

log = logging.getLogger(__name__)


@dataclass
class Records:
    """Rows of one source, before they are split and stored.

    Attributes
    ----------
    tokens
        uint8, (N, L).
    names
        str, (N,).
    targets
        float, (N, T).
    target_names, units
        One name and one unit for each target.
    replicates, replicate_std
        float, (N, T, R) and (N, T), where the source has them.
    rows
        int, (N,): the numbers of the rows in the source file, for error messages; by default from 1 on.
    counts
        uint16, (N, T, R, S, P), where the source has counts at each position (see `degu.data.store`).
    context_tokens, context_counts
        uint8, (N, 2J), and uint16, (N, T, R, S, 2J), where windows are moved in training: the J bases left, and then
        the J bases right, of the sequence and of the positions with counts.
    negative
        bool, (N,): whether a row is none of the regions of the source, but was drawn beside them.
    group
        (N,) labels: rows that must share a split (beside equal and reverse-complement sequences).
    published_split, chromosome
        (N,) labels that a split may be made from.
    stratum
        (N,) labels; a random split keeps its fractions among the rows of each.
    batch
        (N,) labels of libraries that were each measured on a scale of its own.
    flanks
        Lengths of the constant sequence that the assay adds left and right. Relatives are found by the bases between.
    truth
        Arrays of N rows that only a simulator knows.
    attributes
        Facts that the store keeps beside its arrays.
    dropped
        Number of rows of the source that were dropped, by reason.
    """

    tokens: np.ndarray
    names: np.ndarray
    targets: np.ndarray
    target_names: list[str]
    units: list[str]
    rows: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    replicates: np.ndarray | None = None
    replicate_std: np.ndarray | None = None
    counts: np.ndarray | None = None
    context_tokens: np.ndarray | None = None
    context_counts: np.ndarray | None = None
    negative: np.ndarray | None = None
    group: np.ndarray | None = None
    published_split: np.ndarray | None = None
    chromosome: np.ndarray | None = None
    stratum: np.ndarray | None = None
    batch: np.ndarray | None = None
    flanks: tuple[int, int] = (0, 0)
    truth: dict[str, np.ndarray] = field(default_factory=dict)
    attributes: dict = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.rows) == 0:
            self.rows = np.arange(1, len(self) + 1)

    def __len__(self) -> int:
        return len(self.tokens)


def find_bad_rows(
    sequences: pd.Series,
    values: np.ndarray,
    others: Mapping[str, np.ndarray] | None = None,
    *,
    any_length: bool = False,
) -> dict[str, np.ndarray]:
    """Return a mask of shape (N,) for each kind of bad row; a row is counted under the first that fits.

    Parameters
    ----------
    sequences
        N strings.
    values
        Numbers that must not be missing, (N, K).
    others
        Masks of shape (N,) of further kinds of bad rows.
    any_length
        Whether sequences may differ in length.
    """
    sequences = sequences.fillna("").astype(str)
    lengths = sequences.str.len().to_numpy()
    written = sequences.str.fullmatch("[ACGTNacgtn]+").to_numpy(dtype=bool)
    usual = np.bincount(lengths[written]).argmax() if written.any() else 0
    masks = {
        "no sequence": lengths == 0,
        "sequence of another length": (lengths != usual) & (not any_length),
        "letters outside ACGTN": ~written,
        **(others or {}),
        "a target that is missing or not finite": ~np.isfinite(values).all(axis=1),
        "a target so extreme that it would spoil every score": extreme(values),
    }
    seen = np.zeros(len(sequences), dtype=bool)
    for kind, mask in masks.items():
        masks[kind] = mask & ~seen
        seen |= mask
    return masks


def extreme(values: np.ndarray) -> np.ndarray:
    """Return which rows hold a number that is far beyond the others of its column, bool (N,).

    One such number in a split decides every mean square and every correlation there. It lies more than a million
    times the spread from the median, or farther than 1e15, whose square leaves no digit for the others. The spread is
    the interquartile range, or the median distance from the median of those numbers that differ from it, if that is
    more: among counts most of which are zero the first may be zero. One number that differs from all others has
    nothing to be compared with.

    Parameters
    ----------
    values
        float, (N, K); what is not finite is left out.
    """
    found = np.zeros(len(values), dtype=bool)
    for column in values.T:
        finite = np.isfinite(column)
        if finite.any():
            lower, median, upper = np.quantile(column[finite], [0.25, 0.5, 0.75])
            distance = np.abs(np.where(finite, column, median) - median)
            if distance.any():
                spread = max(upper - lower, float(np.median(distance[distance > 0])))
                found |= distance > min(1e15, 1e6 * spread)
    return found


def usable_rows(
    sequences: pd.Series,
    values: np.ndarray,
    *,
    drop: bool,
    where: object,
    others: Mapping[str, np.ndarray] | None = None,
    any_length: bool = False,
) -> tuple[np.ndarray, dict]:
    """Return which rows to keep, bool (N,), and how many were dropped, by reason.

    Parameters
    ----------
    sequences
        N strings, indexed by the numbers of their rows in the file.
    values
        Numbers that must not be missing, (N, K).
    others
        Masks of shape (N,) of further kinds of bad rows.
    any_length
        Whether sequences may differ in length.
    drop
        Whether bad rows are dropped; else they are an error.
    where
        The file, for error messages.

    Raises
    ------
    DeguError
        If there are bad rows that are not to be dropped, or if no row is left.
    """
    masks = find_bad_rows(sequences, values, others, any_length=any_length)
    bad = {kind: mask for kind, mask in masks.items() if mask.any()}
    if bad and not drop:
        kind, mask = next(iter(bad.items()))
        if kind in ("sequence of another length", "letters outside ACGTN"):
            texts = sequences.fillna("").astype(str).tolist()
            check = check_letters if any_length else encode
            check(texts, where=where, rows=sequences.index, or_else=", or set `bad_rows: drop` in the data set's file")
        raise DeguError(
            f"{kind}: {name_rows(sequences.index[mask])} ({mask.sum():,} of {len(mask):,}; row 1 is the first line of "
            "the file)",
            where=where,
            remedy="correct the file, or set `bad_rows: drop` in the data set's file",
        )
    keep = ~np.any(list(bad.values()), axis=0) if bad else np.ones(len(sequences), dtype=bool)
    dropped = {kind: int(mask.sum()) for kind, mask in bad.items()}
    for kind, count in dropped.items():
        log.warning("%s: dropped %s rows: %s", where, f"{count:,}", kind)
    if not keep.any():
        raise DeguError(f"no usable row among {len(keep):,}: {dropped}", where=where)
    return keep, dropped


def warn_of_repeated_names(names: np.ndarray, values: np.ndarray, rows: np.ndarray, *, where: object) -> None:
    """Log a warning if rows of one name have different values.

    Parameters
    ----------
    names, values, rows
        (N,), (N, K) and (N,): the name of each row, its values, and its number in the file.
    where
        The file, for the warning.
    """
    name = np.unique(names, return_inverse=True)[1]
    order = np.argsort(name, kind="stable")
    same = name[order][1:] == name[order][:-1]
    differ = same & (values[order][1:] != values[order][:-1]).any(axis=1)
    if differ.any():
        affected = np.unique(name[order][1:][differ])
        first = rows[name == affected[0]]
        log.warning(
            "%s: %s names stand in more than one row with different values, the first, '%s', in %s",
            where,
            f"{len(affected):,}",
            names[name == affected[0]][0],
            name_rows(first),
        )
