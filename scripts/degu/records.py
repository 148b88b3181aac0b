"""What every importer returns, and the one place where bad rows are found."""

import logging
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from degu.errors import DeguError, did_you_mean, name_rows
from degu.files import is_excel, open_text
from degu.sequences import encode

log = logging.getLogger(__name__)

# Of a table whose header is row 1.
_FIRST_ROW = 2
# What damaged files make the readers raise; KeyError for a ZIP archive that is no workbook.
_UNREADABLE = (OSError, ValueError, EOFError, KeyError, zlib.error, zipfile.BadZipFile)


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
        One of each a target.
    replicates, replicate_std
        float, (N, T, R) and (N, T), where the source has them.
    group
        (N,) labels: rows that must share a split (beside equal and reverse-complement sequences).
    published_split, chromosome
        (N,) labels a split may be made from.
    stratum
        (N,) labels: a random split keeps its fractions within each.
    batch
        (N,) labels of libraries measured on scales of their own.
    flanks
        Lengths of the constant sequence the assay adds left and right: relatives are told by what lies between.
    truth
        Arrays of N rows that only a simulator knows.
    attributes
        What the store is to keep beside its arrays.
    dropped
        How many rows of the source were dropped, by reason.
    """

    tokens: np.ndarray
    names: np.ndarray
    targets: np.ndarray
    target_names: list[str]
    units: list[str]
    replicates: np.ndarray | None = None
    replicate_std: np.ndarray | None = None
    group: np.ndarray | None = None
    published_split: np.ndarray | None = None
    chromosome: np.ndarray | None = None
    stratum: np.ndarray | None = None
    batch: np.ndarray | None = None
    flanks: tuple[int, int] = (0, 0)
    truth: dict[str, np.ndarray] = field(default_factory=dict)
    attributes: dict = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.tokens)


def read_table(path: str | Path, *, sheet: str | None = None, columns: list[str] | None = None) -> pd.DataFrame:
    """Read a table from tsv, csv (gzipped or not), parquet or xlsx; what it is is read off its first bytes.

    The index is the number of each row in the file, whose first row, the header, is row 1.

    Parameters
    ----------
    path
        The file.
    sheet
        The sheet of a workbook.
    columns
        Columns that must be there; only these are read.

    Raises
    ------
    DeguError
        If the file is no such table, is empty, or lacks a column.
    """
    path = Path(path)
    try:
        if is_excel(path):
            frame = pd.read_excel(path, sheet_name=sheet if sheet is not None else 0)
        elif path.open("rb").read(4) == b"PAR1":
            frame = pd.read_parquet(path)
        else:
            frame = _read_text(path)
    except _UNREADABLE as error:
        raise _not_a_table(path, error) from error
    if frame.empty:
        raise DeguError(
            "the table has no rows",
            where=path,
            expected="a header and a row a sequence",
            remedy="check what was exported",
        )
    frame.index = pd.RangeIndex(_FIRST_ROW, len(frame) + _FIRST_ROW)
    if columns is not None:
        require_columns(frame, columns, where=path)
        frame = frame[list(dict.fromkeys(columns))]
    return frame


def read_sheet(path: str | Path, prefix: str, first_column: str) -> pd.DataFrame:
    """Read the sheet of a workbook whose name begins with `prefix`, from its header row on; or a table of text.

    The index is the number of each row in the sheet, whose first row is row 1.

    Parameters
    ----------
    path
        An xlsx workbook, or a table of text that holds what the sheet holds.
    prefix
        Begin of the sheet's name, in any case.
    first_column
        Name of the first column: the header is the first row that begins with it.

    Raises
    ------
    DeguError
        If the file is no such table, or not exactly one sheet fits.
    """
    try:
        if not is_excel(path):
            return read_table(path)
        with pd.ExcelFile(path) as book:
            sheets = [sheet for sheet in book.sheet_names if sheet.lower().startswith(prefix.lower())]
            if len(sheets) != 1:
                raise DeguError(
                    f"{len(sheets)} sheets begin with '{prefix}'",
                    where=path,
                    expected=f"one of: {', '.join(book.sheet_names)}",
                    remedy="export the right sheet to csv and give its path",
                )
            frame = pd.read_excel(book, sheet_name=sheets[0], header=None)
    except _UNREADABLE as error:
        raise _not_a_table(path, error) from error
    header = frame.index[frame[0].astype(str) == first_column]
    if len(header) == 0:
        raise DeguError(f"no row begins with '{first_column}'", where=f"{path}, sheet {sheets[0]}")
    columns = frame.loc[header[0]].astype(str).to_list()
    frame = frame.loc[header[0] + 1 :].set_axis(columns, axis=1)
    return frame.set_axis(frame.index + 1)


def _not_a_table(path: str | Path, error: Exception) -> DeguError:
    return DeguError(
        f"not a readable table: {error}", where=path, expected="tab- or comma-separated text, parquet or xlsx"
    )


def _read_text(path: Path) -> pd.DataFrame:
    with open_text(path) as handle:
        try:
            header = handle.readline()
        except UnicodeDecodeError as error:
            raise DeguError("not a text file", where=path, expected="tab- or comma-separated text") from error
    if not header.strip():
        raise DeguError("the table has no header", where=path)
    separator = "\t" if "\t" in header else ","
    with open_text(path) as handle:
        return pd.read_csv(handle, sep=separator, low_memory=False)


def require_columns(frame: pd.DataFrame, columns: list[str], *, where: object) -> None:
    """Check that a table has some columns.

    Raises
    ------
    DeguError
        Naming the missing column and the nearest one there is.
    """
    for column in columns:
        if column not in frame.columns:
            raise DeguError(f"there is no column '{column}'", where=where, expected=did_you_mean(column, frame.columns))


def numeric(frame: pd.DataFrame, columns: list[str], *, where: object) -> np.ndarray:
    """Return columns of a table, whose index is the row numbers, as float64 of shape (N, len(columns)).

    Raises
    ------
    DeguError
        If a cell holds text that is not a number; an empty cell is NaN.
    """
    values = np.empty((len(frame), len(columns)))
    for index, column in enumerate(columns):
        numbers = pd.to_numeric(frame[column], errors="coerce")
        text = numbers.isna() & frame[column].notna()
        if text.any():
            row = text.idxmax()
            raise DeguError(
                f"column '{column}' holds '{frame[column][row]}' in row {row}",
                where=where,
                expected="a number or an empty cell",
            )
        values[:, index] = numbers
    return values


def find_bad_rows(sequences: pd.Series, values: np.ndarray) -> dict[str, np.ndarray]:
    """Return a mask of shape (N,) for each kind of bad row; a row is counted under the first that fits.

    Parameters
    ----------
    sequences
        N strings.
    values
        The numbers that must be there, (N, K).
    """
    sequences = sequences.fillna("").astype(str)
    lengths = sequences.str.len().to_numpy()
    usual = np.bincount(lengths[lengths > 0]).argmax() if (lengths > 0).any() else 0
    masks = {
        "no sequence": lengths == 0,
        "sequence of another length": lengths != usual,
        "letters outside ACGTN": ~sequences.str.fullmatch("[ACGTNacgtn]*").to_numpy(dtype=bool),
        "a target that is missing or not finite": ~np.isfinite(values).all(axis=1),
    }
    seen = np.zeros(len(sequences), dtype=bool)
    for kind, mask in masks.items():
        masks[kind] = mask & ~seen
        seen |= mask
    return masks


def usable_rows(sequences: pd.Series, values: np.ndarray, *, drop: bool, where: object) -> tuple[np.ndarray, dict]:
    """Return the rows to keep, shape (N,) bool, and how many were dropped by reason.

    Parameters
    ----------
    sequences
        N strings; the index is the row numbers.
    values
        The numbers that must be there, (N, K).
    drop
        Drop bad rows instead of stopping.
    where
        The file, for error messages.

    Raises
    ------
    DeguError
        If there are bad rows and they are not to be dropped, or none is left.
    """
    bad = {kind: mask for kind, mask in find_bad_rows(sequences, values).items() if mask.any()}
    if bad and not drop:
        kind, mask = next(iter(bad.items()))
        if kind in ("sequence of another length", "letters outside ACGTN"):
            encode(sequences.fillna("").astype(str).tolist(), where=where, rows=sequences.index)
        raise DeguError(
            f"{kind}: {name_rows(sequences.index[mask])} ({mask.sum():,} of {len(mask):,}; the file begins with row 1)",
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


def replicate_mean_and_std(replicates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviation (ddof=1) over replicates.

    Parameters
    ----------
    replicates
        (N, T, R), NaN where a replicate is missing.

    Returns
    -------
    Two arrays of shape (N, T); the standard deviation is NaN where fewer than two replicates are there
    """
    count = np.isfinite(replicates).sum(axis=2)
    total = np.nansum(replicates, axis=2)
    mean = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    squares = np.nansum((replicates - mean[:, :, None]) ** 2, axis=2)
    variance = np.divide(squares, count - 1, out=np.full(total.shape, np.nan), where=count > 1)
    return mean, np.sqrt(variance)
