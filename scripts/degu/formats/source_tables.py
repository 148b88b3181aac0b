"""Source tables in many formats: tab- or comma-separated text, parquet and Excel."""

import zipfile
import zlib
from pathlib import Path

import numpy as np
import pandas as pd

from degu.errors import DeguError, did_you_mean
from degu.formats.files import is_excel, open_text

# The number of the first row below a header in row 1.
_FIRST_ROW = 2
# The readers raise these errors for damaged files; KeyError comes from a ZIP archive that is not a workbook.
_UNREADABLE = (OSError, ValueError, EOFError, KeyError, zlib.error, zipfile.BadZipFile)


def read_table(path: str | Path, *, sheet: str | None = None, columns: list[str] | None = None) -> pd.DataFrame:
    """Read a table from tsv, csv (gzipped or not), parquet or xlsx; its first bytes tell the format.

    The index of the table holds the row numbers of the file, in which the header is row 1.

    Parameters
    ----------
    path
        The file.
    sheet
        The name of the sheet, if the file is a workbook; None selects the first sheet.
    columns
        The columns to keep, all of which the table must have; None keeps every column.

    Raises
    ------
    DeguError
        If the file is not a table, has no rows or lacks a column.
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
            expected="a header and one row for each sequence",
            remedy="check what was exported",
        )
    frame.index = pd.RangeIndex(_FIRST_ROW, len(frame) + _FIRST_ROW)
    if columns is not None:
        require_columns(frame, columns, where=path)
        frame = frame[list(dict.fromkeys(columns))]
    return frame


def read_sheet(path: str | Path, prefix: str, first_column: str) -> pd.DataFrame:
    """Read one sheet of a workbook, from its header row on, or a table of text in place of the workbook.

    The index of the table holds the row numbers of the sheet, in which the first row is row 1.

    Parameters
    ----------
    path
        An xlsx workbook, or a table of text with the content of the sheet.
    prefix
        The beginning of the sheet's name; upper and lower case are the same.
    first_column
        The name of the first column. The header is the first row that begins with it.

    Raises
    ------
    DeguError
        If the file is not a table, if not exactly one sheet has such a name, or if no row begins with `first_column`.
    """
    try:
        if not is_excel(path):
            return read_table(path)
        with pd.ExcelFile(path) as book:
            names = [str(name) for name in book.sheet_names]
            sheets = [sheet for sheet in names if sheet.lower().startswith(prefix.lower())]
            if len(sheets) != 1:
                raise DeguError(
                    f"{len(sheets)} sheets begin with '{prefix}'",
                    where=path,
                    expected=f"one of: {', '.join(names)}",
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
    """Check that a table has certain columns.

    Raises
    ------
    DeguError
        If a column is missing. The message names it and the column with the most similar name.
    """
    for column in columns:
        if column not in frame.columns:
            raise DeguError(f"there is no column '{column}'", where=where, expected=did_you_mean(column, frame.columns))


def numeric(frame: pd.DataFrame, columns: list[str], *, where: object) -> np.ndarray:
    """Return columns of a table as float64 of shape (N, len(columns)); an empty cell becomes NaN.

    Raises
    ------
    DeguError
        If a cell holds text that is not a number. The message takes the row number from the index of the table.
    """
    values = np.empty((len(frame), len(columns)))
    for index, column in enumerate(columns):
        numbers = pd.to_numeric(frame[column], errors="coerce")
        text = numbers.isna() & frame[column].notna()
        if text.any():
            first = int(text.to_numpy().argmax())
            raise DeguError(
                f"column '{column}' holds '{frame[column].iloc[first]}' in row {frame.index[first]}",
                where=where,
                expected="a number or an empty cell",
            )
        values[:, index] = numbers
    return values
