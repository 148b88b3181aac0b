"""lentiMPRA of K562 and HepG2 (Agarwal et al., Nature 2025; bioRxiv 2023.03.05.531189).

Supplementary Table 3 holds the sequences, Supplementary Table 4 the activities, one sheet a cell type in each;
both are read from the workbook or from a csv of the sheet. An element measured in both orientations is two rows,
the second named with the suffix `_Reversed` (some `_Reversed_0` or `_Reversed:`).
"""

import logging
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from degu.data.records import Records, usable_rows, warn_of_repeated_names
from degu.data.replicates import read_replicates, replicate_mean_and_std
from degu.data.sequences import encode
from degu.data.splits import EMPTY_CELL
from degu.errors import DeguError, name_rows
from degu.formats.cells import labels, numeric, stripped
from degu.formats.source_tables import read_sheet, require_columns

# The source files, by the names that a data set's file gives them.
SOURCES = ("sequences", "activities")
NOT_EMPTY = ("cell_type",)
LABELS = False
ROW_LABELS = {"chromosome": None}
# Length of the constant adaptors on either side of the 200 bp element.
ADAPTOR = 15
# Columns of the published tables. The name of the sequences goes on with "(15nt 5' adaptor - 200nt element - ...)".
SEQUENCE = "230nt sequence"
REPLICATE = re.compile(r"replicate \d+ \[log2\(rna/dna\)\]")
# The beginning of the name of a column that may be meant as a replicate.
NEARLY_REPLICATE = re.compile(r"\s*replicate(?!s)", re.IGNORECASE)
SUFFIXES = ("_Reversed_0", "_Reversed:", "_Reversed", ":")

log = logging.getLogger(__name__)


def load(files: Mapping[str, Path], *, drop_bad_rows: bool, cell_type: str, without_std: bool = False) -> Records:
    """Read the sequences and activities of one cell type and join them by name.

    Parameters
    ----------
    files
        `sequences` and `activities`: the supplementary tables, as xlsx or as a csv of the cell type's sheet.
    drop_bad_rows
        Drop rows without a usable sequence or activity instead of stopping.
    cell_type
        K562 or HepG2: the sheet is the one whose name begins with it.
    without_std
        Keep the rows that have no replicate standard deviation, and leave it out of the store. The split is drawn
        before those rows are dropped, so both choices share one split.

    Raises
    ------
    DeguError
        If a file is not in the published layout, a row is bad, or no activity has a sequence.
    """
    where = f"{files['activities']}, with the sequences of those names in {files['sequences']}"
    activities = read_sheet(files["activities"], cell_type, "name")
    require_columns(activities, ["name", "mean"], where=files["activities"])
    sequences = _sequences(files["sequences"], cell_type)
    names = np.array(_text(activities, "name", files["activities"]))
    known = np.isin(names, sequences.index)
    if not (known.all() or drop_bad_rows):
        _check_nearly_equal(names[~known], activities.index[~known], sequences.index, files)
    if not known.any():
        raise DeguError(
            f"no name of {files['activities']} occurs", where=files["sequences"], expected="the same cell type in both"
        )
    if (~known).any():
        log.warning("%s: dropped %s rows whose name has no sequence", files["activities"], f"{(~known).sum():,}")
    dropped = {"no sequence of that name": int((~known).sum())} if (~known).any() else {}
    activities, names = activities[known], names[known]
    table = sequences.loc[names].set_axis(activities.index)

    mean = numeric(activities, ["mean"], where=files["activities"])
    keep, bad = usable_rows(table[SEQUENCE], mean, drop=drop_bad_rows, where=where)
    activities, table, names, mean = activities[keep], table[keep], names[keep], mean[keep]
    warn_of_repeated_names(names, mean, activities.index.to_numpy(), where=files["activities"])
    replicates, std = (None, None) if without_std else _replicates(activities, files["activities"])
    element = np.array([element_name(name) for name in names])
    return Records(
        tokens=encode(table[SEQUENCE].tolist(), where=where, rows=activities.index),
        names=names,
        targets=mean,
        target_names=["activity"],
        units=["log2(RNA/DNA)"],
        rows=activities.index.to_numpy(),
        replicates=replicates,
        replicate_std=std,
        group=element,
        chromosome=_chromosome(table, files["sequences"]),
        stratum=_pair_or_other(names, element),
        flanks=(ADAPTOR, ADAPTOR),
        dropped=dropped | bad,
    )


def _check_nearly_equal(names: np.ndarray, rows: pd.Index, known: pd.Index, files: Mapping[str, Path]) -> None:
    """Check that names without a sequence do not differ from names with one by blanks or by upper and lower case.

    Raises
    ------
    DeguError
        If some do. The message shows the first with the name that is nearly equal.
    """
    plain = {"".join(name.lower().split()): name for name in known}
    found = [plain.get("".join(name.lower().split())) for name in names]
    nearly = np.array([name is not None for name in found])
    if nearly.any():
        first = int(nearly.argmax())
        raise DeguError(
            f"{nearly.sum():,} names have no sequence, but nearly equal names have one: '{names[first]}' is "
            f"'{found[first]}' in {files['sequences']}; {name_rows(rows[nearly])}",
            where=files["activities"],
            expected="the same names in both files, to the letter",
            remedy="write them alike, or set `bad_rows: drop` in the data set's file to leave these rows out",
        )


def _text(frame: pd.DataFrame, column: str, where: Path) -> list[str]:
    return ["" if label is None else label for label in labels(frame, column, where=where)]


def _sequences(path: Path, cell_type: str) -> pd.DataFrame:
    """Return the table of sequences, indexed by their names.

    Raises
    ------
    DeguError
        If the file is not in the published layout, or if two sequences have one name.
    """
    table = read_sheet(path, cell_type, "name")
    found = [column for column in table.columns if column.lower().startswith(SEQUENCE)]
    if len(found) > 1:
        raise DeguError(
            f"{len(found)} columns have sequences: {', '.join(found)}",
            where=path,
            expected=f"one column whose name begins with '{SEQUENCE}', as published",
            remedy="leave the others out",
        )
    table = table.rename(columns=dict.fromkeys(found, SEQUENCE))
    require_columns(table, ["name", SEQUENCE], where=path)
    sequences = [sequence or "" for sequence in stripped(table, SEQUENCE, where=path)]
    table = table.assign(name=_text(table, "name", path), **{SEQUENCE: sequences})
    distinct = table.drop_duplicates(["name", SEQUENCE])
    twice = distinct["name"].duplicated(keep=False)
    if twice.any():
        name = distinct["name"][twice].iloc[0]
        raise DeguError(
            f"{distinct['name'][twice].nunique():,} names have two sequences, the first, '{name}', in "
            f"{name_rows(distinct.index[distinct['name'] == name])}",
            where=path,
            expected="one sequence for each name",
        )
    return distinct.set_index("name")


def element_name(name: str) -> str:
    """Return the name of the element that a row, in either orientation, measures."""
    suffix = next((suffix for suffix in SUFFIXES if name.endswith(suffix)), "")
    return name.removesuffix(suffix)


def _pair_or_other(names: np.ndarray, element: np.ndarray) -> np.ndarray:
    """Say of each row whether its element was measured in both orientations."""
    reverse = np.array(["_Reversed" in name for name in names])
    both = set(element[reverse]) & set(element[~reverse])
    return np.where([name in both for name in element], "pair", "other")


def _replicates(activities: pd.DataFrame, path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return replicates (N, 1, R) and their std (N, 1), ddof=1 as in the published `std` column."""
    columns = [column for column in activities.columns if REPLICATE.fullmatch(column)]
    for column in activities.columns:
        if column not in columns and NEARLY_REPLICATE.match(column):
            raise DeguError(
                f"the column '{column}' may be a replicate, but is not named as published",
                where=path,
                expected="a name such as 'replicate 1 [log2(rna/dna)]', to the letter",
                remedy="name it so if it holds log2(RNA/DNA) of one replicate; else give it another name or remove it",
            )
    if len(columns) < 2:
        raise DeguError(
            f"{len(columns)} replicate columns",
            where=path,
            expected="columns 'replicate 1 [log2(rna/dna)]', 'replicate 2 [log2(rna/dna)]', ...",
            remedy="set `without_std: true` to do without replicates",
        )
    replicates = read_replicates(activities, columns, where=path)[:, None, :]
    return replicates, replicate_mean_and_std(replicates)[1]


def _chromosome(table: pd.DataFrame, path: Path) -> np.ndarray | None:
    for column in ("chr.hg38", "chr.hg19"):
        if column in table.columns:
            return np.array([label or EMPTY_CELL for label in stripped(table, column, where=path)])
    return None
