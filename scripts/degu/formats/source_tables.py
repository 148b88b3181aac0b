"""Source tables in many formats: tab- or comma-separated text, parquet and Excel workbooks.

Nothing is guessed about what a cell means. A table holds what its file holds, text as text and numbers as numbers, and
`numeric` and `labels` turn columns into what an importer asks for.
"""

import datetime
import decimal
import re
import zipfile
import zlib
from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path
from xml.etree.ElementTree import ParseError

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from degu.errors import DeguError, did_you_mean
from degu.formats.delimited import read_delimited
from degu.formats.workbooks import is_zip, read_rows, sheet_names

# The readers raise these errors for damaged files; KeyError comes from a ZIP archive that is not a workbook.
_UNREADABLE = (OSError, ValueError, EOFError, KeyError, zlib.error, zipfile.BadZipFile, ParseError, pa.ArrowException)
_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?|[-+]?(inf|infinity)", re.IGNORECASE)
# Text that stands for an empty cell in a column of numbers, in lower case. In a column of labels it is a label.
_EMPTY = {"", "na", "n/a", "#n/a", "nan", "-nan", "null", "none", "<na>"}

_EXPECTED = "a file of tab- or comma-separated text, parquet or xlsx"

Rows = Iterable[tuple[int, Sequence[object]]]


def read_table(path: str | Path, *, sheet: str | None = None, columns: list[str] | None = None) -> pd.DataFrame:
    """Read a table from tsv, csv (gzipped or not), parquet or xlsx; its first bytes tell the format.

    Parameters
    ----------
    path
        The file.
    sheet
        The name of the sheet, if the file is a workbook; None selects the first sheet.
    columns
        The columns to keep, all of which the table must have; None keeps every column.

    Returns
    -------
    A table of Python objects: text, numbers, dates, or None for an empty cell. Its index holds the lines of the file,
    or the rows of the sheet, counted from 1; a row of a parquet file is counted as if a header stood in line 1. Rows
    that are all empty are left out.

    Raises
    ------
    DeguError
        If the file is not a table, a line has another number of fields than the header, the table has no rows, or a
        column is missing or named twice.
    """
    path = Path(path)
    if path.is_dir():
        raise DeguError("this is a folder", where=path, expected=_EXPECTED)
    try:
        if is_zip(path):
            rows = read_rows(path, sheet)
            _, header = next(iter(rows), (0, []))
            return _assemble(_names(header), rows, columns, path)
        if path.open("rb").read(4) == b"PAR1":
            return _read_parquet(path, columns)
        return _assemble(*read_delimited(path), columns, path)
    except _UNREADABLE as error:
        raise _not_a_table(path, error) from error


def read_sheet(path: str | Path, prefix: str, first_column: str) -> pd.DataFrame:
    """Read one sheet of a workbook, from its header row on, or a table of text in place of the workbook.

    Parameters
    ----------
    path
        An xlsx workbook, or a table of text with the content of the sheet.
    prefix
        The beginning of the sheet's name; upper and lower case are the same.
    first_column
        The name of the first column. The header is the first row that begins with it.

    Returns
    -------
    A table as from `read_table`

    Raises
    ------
    DeguError
        If the file is not a table, if not exactly one sheet has such a name, or if no row begins with `first_column`.
    """
    if not Path(path).is_file() or not is_zip(path):
        return read_table(path)
    try:
        names = sheet_names(path)
        sheets = [sheet for sheet in names if sheet.lower().startswith(prefix.lower())]
        if len(sheets) != 1:
            raise DeguError(
                f"{len(sheets)} sheets begin with '{prefix}'",
                where=path,
                expected=f"one of: {', '.join(names)}",
                remedy="export the right sheet to csv and give its path",
            )
        rows = read_rows(path, sheets[0])
        header = next((cells for _, cells in rows if cells[0] == first_column), None)
        if header is None:
            raise DeguError(f"no row begins with '{first_column}'", where=f"{path}, sheet {sheets[0]}")
        return _assemble(_names(header), rows, None, path)
    except _UNREADABLE as error:
        raise _not_a_table(path, error) from error


def _not_a_table(path: str | Path, error: Exception) -> DeguError:
    return DeguError(f"not a readable table: {error}", where=path, expected=_EXPECTED)


def _names(header: Sequence[object]) -> list[str]:
    return ["" if name is None else str(name) for name in header]


def _read_parquet(path: Path, columns: list[str] | None) -> pd.DataFrame:
    with pq.ParquetFile(path) as file:
        # Pandas writes its row numbers, too.
        header = [name for name in file.schema_arrow.names if not re.fullmatch(r"__index_level_\d+__", name)]
        wanted = header if columns is None else [name for name in header if name in set(columns)]
        # Columns that are named twice cannot be selected by their name, and are refused below.
        table = file.read(wanted if len(set(header)) == len(header) else None)
    rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
    return _assemble(table.column_names, enumerate(rows, 2), columns, path, known=header)


def _assemble(
    header: list[str], rows: Rows, columns: list[str] | None, path: str | Path, known: list[str] | None = None
) -> pd.DataFrame:
    """Return the wanted columns of a table, and check that each is there once."""
    wanted = [name for name in header if name] if columns is None else list(dict.fromkeys(columns))
    require_columns(known or header, wanted, where=path)
    for name in wanted:
        if header.count(name) > 1:
            raise DeguError(
                f"{header.count(name)} columns are named '{name}'",
                where=path,
                expected="a name of its own for each column",
                remedy="rename or remove all but one",
            )
    places = [header.index(name) for name in wanted]
    lines: list[int] = []
    cells: list[list[object]] = [[] for _ in wanted]
    for line, row in rows:
        if all(value is None or value == "" for value in row):
            continue
        if len(row) > len(header) and any(value is not None for value in row[len(header) :]):
            raise DeguError(f"row {line} has cells beyond the last column of the header", where=path)
        lines.append(line)
        for values, place in zip(cells, places, strict=True):
            value = row[place] if place < len(row) else None
            values.append(None if value == "" else value)
    if not lines:
        raise DeguError(
            "the table has no rows",
            where=path,
            expected="a header and one row for each sequence",
            remedy="check what was exported",
        )
    series = {name: pd.Series(values, lines, dtype=object) for name, values in zip(wanted, cells, strict=True)}
    return pd.DataFrame(series, index=pd.Index(lines))


def require_columns(known: Iterable[Hashable], columns: list[str], *, where: object) -> None:
    """Check that a table, of which the names of the columns are given, has certain columns.

    Raises
    ------
    DeguError
        If a column is missing. The message names it and the column with the most similar name.
    """
    names = [str(name) for name in known]
    for column in columns:
        if column not in names:
            raise DeguError(f"there is no column '{column}'", where=where, expected=did_you_mean(column, names))


def numeric(frame: pd.DataFrame, columns: list[str], *, where: object) -> np.ndarray:
    """Return columns of a table as float64 of shape (N, len(columns)).

    An empty cell becomes NaN, and so does text that stands for it, such as `NA`.

    Raises
    ------
    DeguError
        If a cell holds anything but a number, such as text, a date or a truth value. The message takes the row number
        from the index of the table.
    """
    values = np.empty((len(frame), len(columns)))
    for index, column in enumerate(columns):
        for row, cell in enumerate(frame[column]):
            number = _number(cell)
            if number is None:
                raise DeguError(
                    f"column '{column}' holds {_describe(cell)} in row {frame.index[row]}",
                    where=where,
                    expected="a number or an empty cell",
                    remedy=_remedy(cell),
                )
            values[row, index] = number
    return values


def _number(cell: object) -> float | None:
    """Return a cell as a number, or None if it is none."""
    if isinstance(cell, str):
        text = cell.strip()
        if _NUMBER.fullmatch(text):
            return float(text)
        return np.nan if text.lower() in _EMPTY else None
    if cell is None:
        return np.nan
    if isinstance(cell, int | float | decimal.Decimal) and not isinstance(cell, bool):
        return float(cell)
    return None


def _describe(cell: object) -> str:
    if isinstance(cell, datetime.date | datetime.time | datetime.timedelta):
        return f"the date or time {cell}"
    return f"'{cell}'"


def _remedy(cell: object) -> str | None:
    if isinstance(cell, datetime.date | datetime.time | datetime.timedelta):
        return "a spreadsheet turned the value into a date: format the column as numbers or text and enter it again"
    if isinstance(cell, str) and re.fullmatch(r"\s*[-+]?[0-9]+,[0-9]+\s*", cell):
        return "write decimal numbers with a point"
    if isinstance(cell, bool):
        return "write 1 for true and 0 for false"
    return None


def labels(frame: pd.DataFrame, column: str, *, where: object) -> list[str | None]:
    """Return a column of a table as text, N values of which an empty cell is None.

    Text stays as it is, so that `0001`, `12E5` and `NA` are labels like others; a whole number is written without a
    point.

    Raises
    ------
    DeguError
        If a cell holds a date, which a spreadsheet has made of text.
    """
    return [_label(cell, column, row, where) for row, cell in zip(frame.index, frame[column], strict=True)]


def _label(cell: object, column: str, row: int, where: object) -> str | None:
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, datetime.date | datetime.time | datetime.timedelta):
        raise DeguError(
            f"column '{column}' holds {_describe(cell)} in row {row}",
            where=where,
            expected="text",
            remedy="a spreadsheet turned text into a date: format the column as text and enter the value again",
        )
    if isinstance(cell, float):
        if np.isnan(cell):
            return None
        if cell.is_integer():
            return str(int(cell))
    return str(cell)
