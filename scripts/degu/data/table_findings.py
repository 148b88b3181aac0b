"""What is odd about a table, and what its rows have in common."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from degu.data.build import LARGE_GROUP
from degu.data.records import find_bad_rows
from degu.data.replicates import replicate_mean_and_std
from degu.data.sequences import canonical, encode
from degu.data.table_columns import Column
from degu.data.table_roles import Roles
from degu.errors import DeguError, name_rows

# A prefix or suffix that all sequences share is a flank if it has this many bases: by chance, it would be of no use.
_SHORTEST_FLANK = 5
# The reason for which a row is left out that has no standard deviation.
SINGLE = "one replicate alone, which has no standard deviation"
# With fewer rows, networks learn next to nothing, and a test split has a few dozen.
FEW_ROWS = 300
# If this part of the rows or more have another length, it is the assay's, and not a mistake in some rows.
_MANY_LENGTHS = 0.01


@dataclass(frozen=True)
class Findings:
    """What the rows of a table are like.

    Attributes
    ----------
    rows
        Number of rows.
    lengths
        Number of rows of each length of the sequence.
    flanks
        The bases that all sequences begin and end with; empty where there are none.
    bad
        Rows that cannot be used, by the reason.
    duplicates, reverse_complements
        Number of rows whose sequence stands in another row too, and whose reverse complement does. Constant flanks do
        not count.
    groups
        Number of rows of each group.
    odd
        Sentences on what else is odd.
    """

    rows: int
    lengths: Counter[int]
    flanks: tuple[str, str]
    bad: dict[str, np.ndarray]
    duplicates: int
    reverse_complements: int
    groups: Counter[str]
    odd: list[str]

    @property
    def length(self) -> int:
        """The length that most sequences have."""
        return self.lengths.most_common(1)[0][0]

    @property
    def is_ragged(self) -> bool:
        """Whether so many sequences differ in length that the assay has several lengths."""
        return self.rows - self.lengths[self.length] > _MANY_LENGTHS * self.rows

    @property
    def usable(self) -> int:
        """Number of rows that can be used."""
        return self.rows - sum(map(len, self.bad.values()))


def find_oddities(frame: pd.DataFrame, columns: Mapping[str, Column], roles: Roles) -> Findings:
    """Return what the rows of a table are like, by the roles of its columns.

    Parameters
    ----------
    frame
        The table, indexed by the lines of its file.
    columns, roles
        What its columns hold, and which is what.

    Raises
    ------
    DeguError
        If no row can be used.
    """
    sequences = [text or "" for text in columns[roles.sequence].texts]
    lengths = Counter(len(sequence) for sequence in sequences if sequence)
    if not lengths:
        raise DeguError(f"the column '{roles.sequence}' is empty", expected="a column of sequences")
    is_ragged = len(frame) - lengths.most_common(1)[0][1] > _MANY_LENGTHS * len(frame)
    measured, single = _measured(columns, roles)
    masks = find_bad_rows(pd.Series(sequences), measured, {SINGLE: single}, any_length=is_ragged)
    rows = frame.index.to_numpy()
    bad = {reason: rows[mask] for reason, mask in masks.items() if mask.any()}
    is_bad = np.any([*masks.values()], axis=0)
    if is_bad.all():
        reasons = ", ".join(f"{reason} in {len(own):,}" for reason, own in bad.items())
        raise DeguError(f"no row can be used: {reasons}", expected="sequences of ACGTN, and a number for each target")
    good = [sequence.upper() for sequence, dropped in zip(sequences, is_bad, strict=True) if not dropped]
    left, right = constant_flanks(good)
    equal, alike = _repeated([sequence[len(left) : len(sequence) - len(right)].strip("N") for sequence in good])
    labels = [text for text in columns[roles.group].texts if text] if roles.group else []
    return Findings(
        rows=len(frame),
        lengths=lengths,
        flanks=(left, right),
        bad=bad,
        duplicates=equal,
        reverse_complements=alike,
        groups=Counter(labels),
        odd=_odd(columns, roles, len(frame), Counter(labels)),
    )


def constant_flanks(sequences: Sequence[str]) -> tuple[str, str]:
    """Return the bases that all sequences begin and end with; empty if they are too few, or leave no insert."""
    if len(set(sequences)) < 2:
        return "", ""
    left, right = _common_beginning(sequences), _common_beginning([text[::-1] for text in sequences])[::-1]
    left, right = (flank if len(flank) >= _SHORTEST_FLANK else "" for flank in (left, right))
    shortest = min(map(len, sequences))
    return (left, right) if len(left) + len(right) < shortest else ("", "")


def _common_beginning(sequences: Sequence[str]) -> str:
    """Return the letters that all sequences begin with."""
    # The first and the last in order differ as early as any two.
    first, last = min(sequences), max(sequences)
    differing = (place for place, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    return first[: next(differing, min(len(first), len(last)))]


def _repeated(inserts: Sequence[str]) -> tuple[int, int]:
    """Return how many inserts stand in another row too, and how many have their reverse complement in another row."""
    if not any(inserts):
        return 0, 0
    longest = max(map(len, inserts))
    keys = [bytes(key) for key in canonical(encode([insert.ljust(longest, "N") for insert in inserts]))]
    counts, strands = Counter(inserts), Counter(keys)
    return (
        sum(counts[insert] > 1 for insert in inserts),
        sum(strands[key] > counts[insert] for key, insert in zip(keys, inserts, strict=True)),
    )


def _measured(columns: Mapping[str, Column], roles: Roles) -> tuple[np.ndarray, np.ndarray]:
    """Return the measurement of each target, (N, T), and which rows have one replicate alone of any target, (N,)."""
    values, single = [], np.zeros(len(columns[roles.sequence].texts), dtype=bool)
    for own in roles.targets.values():
        replicates = [columns[name].numbers for name in own.get("replicates", [])]
        if replicates:
            single |= np.isfinite(replicates).sum(axis=0) == 1
        values.append(
            columns[own["mean"]].numbers
            if "mean" in own
            else replicate_mean_and_std(np.stack(replicates, axis=1)[:, None, :])[0][:, 0]
        )
    return np.column_stack(values), single


def _odd(columns: Mapping[str, Column], roles: Roles, rows: int, groups: Counter[str]) -> list[str]:
    """Return sentences on columns and on the size of the table and of its groups."""
    odd = []
    for name, column in columns.items():
        if column.kind == "empty":
            odd.append(f"The column '{name}' is empty.")
        elif column.kind == "mixed":
            first = next(iter(column.text_cells.values()))
            odd.append(
                f"The column '{name}' holds text among numbers, first '{first}', in {name_rows(column.text_cells)}."
            )
        elif column.is_constant:
            odd.append(f"The column '{name}' has the same value, {column.values[0]}, in all rows.")
    for target, own in roles.targets.items():
        names = [*([own["mean"]] if "mean" in own else []), *own.get("replicates", [])]
        for name in names:
            if columns[name].missing:
                odd.append(f"The column '{name}' of {target} is empty in {columns[name].missing:,} of {rows:,} rows.")
        if all(np.isin(columns[name].numbers[np.isfinite(columns[name].numbers)], (0, 1)).all() for name in names):
            odd.append(
                f"The target {target} has the values 0 and 1 alone. If these are labels, see the key `labels`: the "
                "recommended networks are for activities."
            )
    if rows < FEW_ROWS:
        odd.append(f"There are {rows:,} rows, which are few: a network learns little from fewer than {FEW_ROWS}.")
    if groups and (largest := groups.most_common(1)[0])[1] > LARGE_GROUP * rows:
        odd.append(
            f"The group '{largest[0]}' holds {largest[1]:,} of {rows:,} rows, more than a tenth, and falls into one "
            "split as a whole."
        )
    return odd
