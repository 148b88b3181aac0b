"""The importer of your own assay: a tsv, csv, parquet or xlsx file whose columns the configuration names."""

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from degu.config.column_rows import bounds_of, check_rows
from degu.config.column_targets import check_columns, check_targets, columns_of_numbers
from degu.config.plugins import complete_options
from degu.config.values import BOUNDS, range_in_words
from degu.data.records import Records, extreme, usable_rows, warn_of_repeated_names
from degu.data.replicates import read_replicates, replicate_mean_and_std
from degu.data.sequences import encode
from degu.data.splits import EMPTY_CELL
from degu.errors import DeguError, did_you_mean
from degu.formats.cells import labels, numeric, stripped
from degu.formats.look_alikes import tidy
from degu.formats.source_tables import is_large, read_table

log = logging.getLogger(__name__)

# The source files, by the names that a data set's file gives them.
SOURCES = ("table",)
# The option `targets` names the columns of each target.
TARGETS_NAME_COLUMNS = True
# The option `rows` names columns, and the values or numbers that are wanted in them.
ROWS_NAME_COLUMNS = True
NOT_EMPTY = ("sequence",)
# The options that name one column each, by what it holds; those of `ROW_LABELS` are read for splits and batches alone.
COLUMNS = ("sequence", "name", "group", "split", "chromosome", "batch")
ROW_LABELS = {"split": "split", "chromosome": "chromosome", "batch": "batch"}
# Its rows are checked while a run is planned, unless the table is large.
CHECKED_WHEN_PLANNED = True
# The options that are bases.
BASES = ("left_flank", "right_flank")


def load(
    files: Mapping[str, Path],
    *,
    drop_bad_rows: bool,
    targets: dict,
    sequence: str = "sequence",
    name: str = "",
    group: str = "",
    split: str = "",
    chromosome: str = "",
    batch: str = "",
    sheet: str = "",
    left_flank: str = "",
    right_flank: str = "",
    rows: dict | None = None,
    pad: Literal["none", "left", "right"] = "none",
) -> Records:
    """Read a table of sequences and measurements.

    Parameters
    ----------
    files
        The file, under the name `table`.
    drop_bad_rows
        Drop rows without a usable sequence or target instead of stopping.
    targets
        For each target its columns: `mean`, and `std` (over replicates, ddof=1) or `replicates` (two or more
        columns; mean and std are computed from them), and its `unit`.
    sequence, name, group, split, chromosome, batch
        Columns of the sequence, its name, the rows that must share a split, a ready-made split, the chromosome,
        and the library a row was measured in.
    sheet
        Sheet of a workbook; by default the first that is not hidden.
    left_flank, right_flank
        Constant sequence that the assay adds on either side; blanks around it do not count.
    rows
        The rows to read, by the value, or a list of values, that they have in some columns, such as `{medium: YPD}`, or
        by a range of numbers, such as `{reads: {at_least: 100, below: 5000}}`, whose ends are one or two of `at_least`,
        `above`, `at_most` and `below`. By default all rows are read. Truth values, such as `"TRUE"`, are written in
        quotes.
    pad
        The side on which shorter sequences are filled up with N to the length of the longest one that is kept.
        With `none`, a sequence of another length is a bad row.

    Raises
    ------
    DeguError
        If a column is missing or named twice, a target says neither `mean` nor `replicates`, a value of `rows` is not
        in its column, a column of numbers holds something else, or a row is bad.
    """
    path = files["table"]
    check_targets(targets, "options.targets")
    check_rows(rows, "options.rows")
    kinds = {"name": name, "group": group, "split": split, "chromosome": chromosome, "batch": batch}
    named = {kind: column for kind, column in kinds.items() if column}
    check_columns(targets, {"sequence": sequence, **named}, "options")
    rows = rows or {}
    columns = _columns(targets, [sequence, *named.values(), *rows])
    frame = _choose(read_table(path, sheet=sheet or None, columns=columns), rows, path)

    means, deviations, replicates = _measurements(frame, targets, path)
    has_std = all(values is not None for values in deviations)
    if not has_std and any(values is not None for values in deviations):
        log.warning("%s: not every target has a std or replicates: those of the others are left out", path)
    sequences = pd.Series(stripped(frame, sequence, where=path), frame.index)
    keep, dropped = usable_rows(
        sequences,
        np.column_stack(means),
        drop=drop_bad_rows,
        where=path,
        others=_unusable(deviations, replicates),
        any_length=pad != "none",
    )
    frame = frame[keep]
    insert = encode(_pad(sequences[keep], pad, path).tolist(), where=path, rows=frame.index)
    left, right = _flank(left_flank, len(frame), "left"), _flank(right_flank, len(frame), "right")
    label = {kind: _label(frame, column, kind, path) for kind, column in named.items()}
    values = np.column_stack(means)[keep]
    if name:
        warn_of_repeated_names(label["name"], values, frame.index.to_numpy(), where=path)
    return Records(
        tokens=np.concatenate([left, insert, right], axis=1),
        names=label.get("name", np.array([f"row{row}" for row in frame.index])),
        targets=values,
        target_names=list(targets),
        units=[target.get("unit", "") for target in targets.values()],
        rows=frame.index.to_numpy(),
        replicates=_stack(replicates, keep),
        replicate_std=np.column_stack(deviations)[keep] if has_std else None,
        group=label.get("group"),
        published_split=label.get("split"),
        chromosome=label.get("chromosome"),
        batch=label.get("batch"),
        flanks=(left.shape[1], right.shape[1]),
        dropped=dropped,
    )


def check_header(files: Mapping[str, Path], **options: Any) -> bool:
    """Return whether a table is small; of a large one, check that it has the columns that the options of `load` name.

    Raises
    ------
    DeguError
        If a column is missing, or the file is no table.
    """
    path = files["table"]
    if not is_large(path):
        return True
    complete = complete_options("importer", "table", options)
    named = [complete[kind] for kind in COLUMNS if complete[kind]]
    columns = _columns(complete["targets"], [*named, *(complete["rows"] or {})])
    read_table(path, sheet=complete["sheet"] or None, columns=columns, most=1)
    return False


def _columns(targets: Mapping, others: Iterable[str]) -> list[str]:
    """Return the columns to read, each once."""
    return list(dict.fromkeys([*others, *(column for column, _ in columns_of_numbers(targets))]))


def _choose(frame: pd.DataFrame, rows: Mapping, path: Path) -> pd.DataFrame:
    """Return the rows that have a wanted value, or a number within a range, in each of some columns."""
    for column, wanted in rows.items():
        chosen = _within if isinstance(wanted, dict) else _one_of
        frame = frame[chosen(frame, column, wanted, path)]
    return frame


def _within(frame: pd.DataFrame, column: str, wanted: Mapping, path: Path) -> np.ndarray:
    """Return which rows have a number within a range in a column, bool (N,)."""
    bounds = bounds_of(wanted, f"options.rows.{column}")
    numbers = numeric(frame, [column], where=path)[:, 0]
    empty = np.isnan(numbers)
    if empty.any():
        log.warning("%s: %s of %s rows have no number in the column '%s', and are left out", path, f"{empty.sum():,}",
                    f"{len(frame):,}", column)  # fmt: skip
    chosen = np.logical_and.reduce([BOUNDS[word](numbers, end) for word, end in bounds.items()])
    if not chosen.any():
        known = numbers[~empty]
        raise DeguError(
            f"no row that is left has a number {range_in_words(bounds)} in the column '{column}'",
            where=f"{path}: options.rows",
            expected=f"some of its numbers from {known.min():g} to {known.max():g}" if len(known) else "numbers",
        )
    return chosen


def _one_of(frame: pd.DataFrame, column: str, wanted: object, path: Path) -> np.ndarray:
    """Return which rows have a wanted value in a column, bool (N,)."""
    values = np.array(stripped(frame, column, where=path), dtype=object)
    texts = [tidy(str(value)) for value in (wanted if isinstance(wanted, list) else [wanted])]
    known = {value for value in values if value is not None}
    for text in texts:
        if text not in known:
            raise DeguError(
                f"no row that is left has '{text}' in the column '{column}'",
                where=f"{path}: options.rows",
                expected=did_you_mean(text, known) if len(known) <= 20 else f"one of its {len(known):,} values",
            )
    return np.isin(values, texts)


def _pad(sequences: pd.Series, side: Literal["none", "left", "right"], path: Path) -> pd.Series:
    """Return sequences that are filled up with N on one side to the length of the longest."""
    if side == "none":
        return sequences
    lengths = sequences.str.len()
    longest, median = int(lengths.max()), float(lengths.median())
    log.info(
        "%s: filled up %s of %s sequences with N on the %s, from %d bases or more to %d",
        path,
        f"{(lengths < longest).sum():,}",
        f"{len(sequences):,}",
        side,
        lengths.min(),
        longest,
    )
    if longest > 2 * median:
        log.warning(
            "%s: the longest sequence, in row %d, has %d bases, more than twice the median length of %g: the others "
            "are filled up with N to its length; correct that row if it does not belong there",
            path,
            lengths.idxmax(),
            longest,
            median,
        )
    return sequences.str.pad(longest, side=side, fillchar="N")


def _measurements(frame: pd.DataFrame, targets: dict, path: Path) -> tuple[list, list, list]:
    """Return mean (N,), std (N,) or None, and replicates (N, R) or None, of each target."""
    means, deviations, replicates = [], [], []
    for target in targets.values():
        mean = std = values = None
        if "replicates" in target:
            values = read_replicates(frame, list(target["replicates"]), where=path)
            mean, std = (moment[:, 0] for moment in replicate_mean_and_std(values[:, None, :]))
        if "mean" in target:
            mean = numeric(frame, [target["mean"]], where=path)[:, 0]
        if "std" in target:
            std = numeric(frame, [target["std"]], where=path)[:, 0]
            if (std < 0).any():
                row = int(np.argmax(std < 0))
                raise DeguError(
                    f"column '{target['std']}' is {std[row]:g} in row {frame.index[row]}", where=path, expected=">= 0"
                )
        means.append(mean)
        deviations.append(std)
        replicates.append(values)
    return means, deviations, replicates


def _unusable(deviations: list, replicates: list) -> dict[str, np.ndarray]:
    """Return masks of the rows, each (N,), whose replicates or standard deviations are infinite or extreme."""
    masks = {}
    for kind, targets in {"replicate": replicates, "standard deviation": deviations}.items():
        present = [values.reshape(len(values), -1) for values in targets if values is not None]
        if present:
            values = np.column_stack(present)
            masks[f"an infinite or extreme {kind}"] = np.isinf(values).any(axis=1) | extreme(values)
    return masks


def _label(frame: pd.DataFrame, column: str, kind: str, path: Path) -> np.ndarray:
    """Return labels, (N,), as from `stripped`; an empty cell is a group of its own, or the label `none`.

    Names are left as they are.
    """
    if kind == "name":
        return np.array(["none" if value is None else value for value in labels(frame, column, where=path)])
    # A label has no blank at its end, so none in the table equals the one that an empty cell gets.
    alone = "row {} alone " if kind == "group" else EMPTY_CELL
    values = stripped(frame, column, where=path)
    return np.array([value or alone.format(row) for row, value in enumerate(values)])


def _flank(flank: str, count: int, side: str) -> np.ndarray:
    """Return a constant flank as tokens, (count, length); blanks around it are no bases."""
    bases = flank.strip()
    if not bases:
        return np.empty((count, 0), dtype=np.uint8)
    return np.tile(encode([bases], where=f"options.{side}_flank"), (count, 1))


def _stack(replicates: list, keep: np.ndarray) -> np.ndarray | None:
    """Stack the targets' replicates to (N, T, R), NaN where a target has fewer than the most."""
    if any(values is None for values in replicates):
        return None
    most = max(values.shape[1] for values in replicates)
    stacked = np.full((int(keep.sum()), len(replicates), most), np.nan)
    for index, values in enumerate(replicates):
        stacked[:, index, : values.shape[1]] = values[keep]
    return stacked
