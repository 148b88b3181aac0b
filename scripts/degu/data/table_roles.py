"""Which column of a table is what: what a person says, and what names and cells tell of the rest.

Nothing is decided without a word: each choice that another column would have been possible for, and each column that is
left out, is told in a sentence.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from degu.config.column_targets import columns_of_numbers
from degu.data.column_names import (
    BATCH,
    GROUPS,
    MEASURED,
    NAME,
    OTHER,
    SPLIT,
    SPREAD,
    is_count,
    numbered_among,
    replicates_among,
    split_labels,
)
from degu.data.table_columns import Column
from degu.errors import DeguError
from degu.formats.source_tables import require_columns

# Means over replicates are rounded in tables.
_ROUNDED = 1e-2


class KnownColumns(NamedTuple):
    """What a person says of a table.

    Attributes
    ----------
    sequence, group
        The columns of the sequence and of the relatives; empty if they are left to be found.
    targets
        The measurements: each the name of a column, or of replicates.
    replicates
        The columns of the replicates of each target, in their order; of one target without a name, the target too.
    """

    sequence: str = ""
    group: str = ""
    targets: tuple[str, ...] = ()
    replicates: tuple[tuple[str, ...], ...] = ()


@dataclass
class Roles:
    """Which column of a table is what.

    Attributes
    ----------
    sequence, name, group, split
        Columns; empty if there is none.
    targets
        The columns of each target, as the importer `table` takes them.
    split_labels
        The values of the column of the split, by the split that they name.
    notes
        Sentences on what was chosen and left out.
    """

    sequence: str
    targets: dict[str, dict]
    name: str = ""
    group: str = ""
    split: str = ""
    split_labels: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def find_roles(columns: Mapping[str, Column], wishes: KnownColumns, *, where: object) -> Roles:
    """Return which column is what.

    Raises
    ------
    DeguError
        If a column that a person names does not exist, or if the sequence or a measurement cannot be told.
    """
    given = [*wishes.replicates, [name for name in (wishes.sequence, wishes.group) if name]]
    require_columns(columns, [name for names in given for name in names], where=where)
    notes: list[str] = []
    sequence = wishes.sequence or _find_sequence(columns, notes, where)
    if sequence in wishes.targets:
        raise DeguError(
            f"the column '{sequence}' holds the sequences",
            where=where,
            expected="a column of numbers after --target",
            remedy="name another column of the sequences with --sequence, or another --target",
        )
    left = _without(columns, sequence)
    targets = _targets(left, wishes, notes, where)
    left = _without(left, *(column for column, _ in columns_of_numbers(targets)))
    split, labels = _find_split(left, notes)
    group = wishes.group or _find_group(_without(left, split), notes)
    name = _find_name(_without(left, split, group))
    left = _without(left, split, group, name)
    _note_batches(left, notes)
    _note_left([name for name, own in left.items() if own.kind == "numbers" and not is_count(name)], notes)
    return Roles(sequence, targets, name, group, split, labels, notes)


def _without(columns: Mapping[str, Column], *names: str) -> dict[str, Column]:
    return {name: column for name, column in columns.items() if name not in names}


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _find_sequence(columns: Mapping[str, Column], notes: list[str], where: object) -> str:
    """Return the column with the longest sequences."""
    found = {name: column for name, column in columns.items() if column.kind == "sequences"}
    if not found:
        raise DeguError(
            f"no column holds sequences; the columns are {_quoted(columns)}",
            where=where,
            expected="a column whose cells are letters of DNA",
            remedy="name it with --sequence COLUMN",
        )
    lengths = {name: np.mean([len(text) for text in column.texts if text]) for name, column in found.items()}
    sequence = max(lengths, key=lambda name: lengths[name])
    if len(found) > 1:
        others = _quoted(name for name in found if name != sequence)
        notes.append(f"Other columns of shorter sequences are not used: {others}. Name another one with --sequence.")
    return sequence


def _targets(columns: Mapping[str, Column], wishes: KnownColumns, notes: list[str], where: object) -> dict[str, dict]:
    """Return the columns of each target."""
    if not wishes.targets and not wishes.replicates:
        return _find_targets(columns, notes, where)
    if wishes.replicates and len(wishes.replicates) != max(1, len(wishes.targets)):
        raise DeguError(
            f"{len(wishes.targets)} targets and {len(wishes.replicates)} lists of replicates",
            where="--replicates",
            expected="one list for each --target, in the same order",
        )
    replicated = replicates_among(columns) | {
        name: list(own) for name, own in zip(wishes.targets or ("activity",), wishes.replicates, strict=False)
    }
    targets: dict[str, dict] = {}
    for target in wishes.targets or ("activity",):
        own: dict[str, str | list[str]] = {"mean": target} if target in columns else {}
        if target in replicated and (wishes.replicates or not own):
            own |= {"replicates": replicated[target]}
        if not own:
            require_columns([*columns, *replicated], [target], where=where)
        targets[target] = own
    return targets


def _find_targets(columns: Mapping[str, Column], notes: list[str], where: object) -> dict[str, dict]:
    """Return replicates, or else columns of numbers that are named like a measurement, or are the only ones."""
    numbers = {name: column for name, column in columns.items() if column.kind == "numbers" and not column.is_constant}
    counts = [name for name in columns if columns[name].kind in ("numbers", "mixed") and is_count(name)]
    if counts:
        notes.append(
            f"Columns that look like counts of reads are not used: {_quoted(counts)}. A target is an activity, such as "
            "log2(RNA/DNA) of each replicate."
        )
    usable = [name for name in numbers if name not in counts]
    replicated = replicates_among(usable)
    if replicated:
        for stem, own in replicated.items():
            _note_mean(stem, own, numbers, notes)
        return {stem: {"replicates": own} for stem, own in replicated.items()}
    plain = [name for name in usable if not (SPREAD.search(name) or OTHER.search(name) or SPLIT.search(name))]
    measured = [name for name in plain if MEASURED.search(name)] or (plain if len(plain) == 1 else [])
    if not measured:
        there = f"the columns of numbers are {_quoted(usable)}" if usable else "no column has numbers that differ"
        if counts and not usable:
            there = f"the columns of numbers look like counts of reads: {_quoted(counts)}"
        raise DeguError(
            f"no column is named like a measurement; {there}",
            where=where,
            expected="a column of numbers, or two or more replicates such as activity_rep1 and activity_rep2",
            remedy="name it with --target COLUMN, or the replicates with --replicates COLUMN,COLUMN",
        )
    numbered = {stem: own for stem, own in numbered_among(measured).items() if len(own) == len(measured)}
    if numbered:
        (stem, own), *_ = numbered.items()
        notes.append(
            f"Columns whose names differ by their number alone are taken for replicates: {_quoted(own)}. If they are "
            "measurements of their own, name each with --target."
        )
        return {stem: {"replicates": own}}
    return {name: {"mean": name} for name in measured}


def _note_mean(stem: str, replicates: Sequence[str], numbers: Mapping[str, Column], notes: list[str]) -> None:
    """Note whether a column that is named like the replicates is their mean."""
    if stem not in numbers:
        return
    values = np.column_stack([numbers[name].numbers for name in replicates])
    complete = ~np.isnan(values).any(axis=1) & ~np.isnan(numbers[stem].numbers)
    mean = values[complete].mean(axis=1)
    if complete.any() and np.allclose(mean, numbers[stem].numbers[complete], atol=_ROUNDED * np.std(mean)):
        notes.append(f"'{stem}' is the mean of its replicates, which are used in its place.")
    else:
        notes.append(
            f"'{stem}' is not the mean of {_quoted(replicates)}, which are used in its place. To use it, name it with "
            f"--target {stem}."
        )


def _note_left(names: Sequence[str], notes: list[str]) -> None:
    if names:
        notes.append(f"Columns of numbers that are not used: {_quoted(names)}. Name a target with --target.")
    if any(SPREAD.search(name) for name in names):
        notes.append("A standard deviation over replicates (with n - 1) belongs under `std` of its target.")


def _find_split(columns: Mapping[str, Column], notes: list[str]) -> tuple[str, dict[str, list[str]]]:
    """Return the column whose values name the splits, and its values by the split."""
    for name, column in columns.items():
        labels = split_labels(column.values) if len(column.values) <= 10 else None
        if labels:
            return name, labels
        if SPLIT.search(name) and len(column.values) <= 20:
            notes.append(
                f"'{name}' may be a split, but its values ({', '.join(column.values)}) are not all words for train, "
                "validation and test. The rows are divided at random."
            )
    return "", {}


def _find_group(columns: Mapping[str, Column], notes: list[str]) -> str:
    """Return the column whose name says that its values are shared by relatives."""
    shared = [name for name, own in columns.items() if own.is_shared]
    named = [name for pattern in GROUPS for name in shared if pattern.search(name)]
    group = named[0] if named else ""
    others = [name for name in shared if name != group and columns[name].kind == "labels" and columns[name].is_coarse]
    if others:
        notes.append(f"Other columns whose values rows share: {_quoted(others)}. Name one of relatives with --group.")
    return group


def _find_name(columns: Mapping[str, Column]) -> str:
    """Return the column of names: one of text that differs in each row, by its name if there are several."""
    distinct = [name for name, own in columns.items() if own.is_distinct and own.kind == "labels"]
    return next((name for name in distinct if NAME.search(name)), distinct[0] if distinct else "")


def _note_batches(columns: Mapping[str, Column], notes: list[str]) -> None:
    for name, own in columns.items():
        if BATCH.search(name) and own.is_shared:
            notes.append(
                f"'{name}' has {len(own.values)} values. If these are batches that differ in scale, write "
                f"`batch: {name}` in the options, and `standardize_batches: true`."
            )
