"""Source tables in many formats: tab- or comma-separated text, parquet and Excel workbooks.

Nothing is guessed about what a cell means. A table holds what its file holds, text as text and numbers as numbers, and
`degu.formats.cells` turns its columns into what an importer asks for.
"""

import re
from collections.abc import Hashable, Iterable, Sequence
from itertools import islice
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from degu.errors import DeguError, did_you_mean
from degu.formats.delimited import find_header, read_delimited
from degu.formats.text import is_gzipped
from degu.formats.unread_cells import check_unread_cells
from degu.formats.unreadable import tell_unreadable
from degu.formats.workbooks import first_sheet, is_zip, read_rows, sheet_names

_EXPECTED = "a file of tab- or comma-separated text, parquet or xlsx"

# The number of bytes above which a table is large, by its format.
LARGE = {"text": 50_000_000, "gzip": 12_000_000, "parquet": 12_000_000, "workbook": 2_000_000}

Rows = Iterable[tuple[int, Sequence[object]]]


def read_table(
    path: str | Path,
    *,
    sheet: str | None = None,
    columns: list[str] | None = None,
    first_column: str | None = None,
    most: int | None = None,
    remedy: str | None = None,
) -> pd.DataFrame:
    """Read a table from tsv, csv (gzipped or not), parquet or xlsx; its first bytes tell the format.

    Parameters
    ----------
    path
        The file.
    sheet
        The name of the sheet, if the file is a workbook; None selects the first sheet that is not hidden.
    columns
        The columns to keep, all of which the table must have; None keeps every column.
    first_column
        A column by whose name the header is known, if every column is kept.
    most
        The number of rows to read from the beginning of the table; None reads all.
    remedy
        What to do about a missing column, for the message, if its header does not stand in another line.

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
    with tell_unreadable(path, "table", expected=_EXPECTED):
        if is_zip(path):
            return _read_workbook(path, sheet or first_sheet(path), columns, most=most, remedy=remedy)
        if sheet is not None:
            raise DeguError(
                f"the file has no sheet '{sheet}', since it is no workbook",
                where=path,
                expected="a workbook (xlsx), or a table without sheets",
                remedy="take `sheet` out of the options, or name the workbook",
            )
        if _is_parquet(path):
            return _read_parquet(path, columns, most, remedy)
        return _read_text(path, columns, first_column, most, remedy)


def is_large(path: str | Path) -> bool:
    """Return whether to read a table takes longer than a person who plans a run would wait, about two seconds."""
    path = Path(path)
    kind = "workbook" if is_zip(path) else "parquet" if _is_parquet(path) else "gzip" if is_gzipped(path) else "text"
    return path.stat().st_size > LARGE[kind]


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as handle:
        return handle.read(4) == b"PAR1"


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
        return read_table(path, first_column=first_column)
    with tell_unreadable(path, "table", expected=_EXPECTED):
        names = sheet_names(path)
        sheets = [sheet for sheet in names if sheet.lower().startswith(prefix.lower())]
        if len(sheets) != 1:
            raise DeguError(
                f"{len(sheets)} sheets begin with '{prefix}'",
                where=path,
                expected=f"one of: {', '.join(names)}",
                remedy="export the right sheet to csv and give its path",
            )
        return _read_workbook(path, sheets[0], None, first_column)


def _read_workbook(
    path: str | Path,
    sheet: str,
    columns: list[str] | None,
    first_column: str | None = None,
    *,
    most: int | None = None,
    remedy: str | None = None,
) -> pd.DataFrame:
    """Return columns of a sheet; its header is the first row, or the first that begins with the name of a column."""
    rows = read_rows(path, sheet)
    found = next(((row, cells) for row, cells in rows if first_column in (None, cells[0])), None)
    if found is None and first_column is not None:
        raise DeguError(f"no row begins with '{first_column}'", where=f"{path}, sheet {sheet}")
    row, header = found or (0, [])
    names = ["" if name is None else str(name) for name in header]
    read = {place: name for place, name in enumerate(names, 1) if name and (columns is None or name in columns)}
    check_unread_cells(path, sheet, read, header=row)
    return _assemble(names, islice(rows, most), columns, path, remedy=remedy)


def _read_text(
    path: Path, columns: list[str] | None, first_column: str | None, most: int | None, remedy: str | None
) -> pd.DataFrame:
    header, rows = read_delimited(path)
    wanted = columns if columns is not None else [first_column] if first_column else []
    if not set(wanted) <= set(header):
        advice = find_header(path, wanted)
        remedy = f"the header belongs in line 1: {advice}" if advice else remedy
        require_columns(header, wanted, where=path, remedy=remedy)
    return _assemble(header, islice(rows, most), columns, path)


def _read_parquet(path: Path, columns: list[str] | None, most: int | None, remedy: str | None) -> pd.DataFrame:
    with pq.ParquetFile(path) as file:
        # Pandas writes its row numbers, too.
        header = [name for name in file.schema_arrow.names if not re.fullmatch(r"__index_level_\d+__", name)]
        wanted = header if columns is None else [name for name in header if name in set(columns)]
        # Columns that are named twice cannot be selected by their name, and are refused below.
        selected = wanted if len(set(header)) == len(header) else None
        if most is None or file.num_row_groups == 0:
            table = file.read(selected)
        else:
            table = file.read_row_group(0, selected).slice(0, most)
    columns_read = (_cells(table.column(place), name, path) for place, name in enumerate(table.column_names))
    rows = zip(*columns_read, strict=True)
    numbered = islice(enumerate(rows, 2), most)
    return _assemble(table.column_names, numbered, columns, path, known=header, remedy=remedy)


def _cells(column: pa.ChunkedArray, name: str, path: Path) -> list[object]:
    """Return the cells of a column of parquet; one of bytes holds text, as programs write it that know no Unicode."""
    cells = column.to_pylist()
    for row, cell in enumerate(cells, 2):
        if isinstance(cell, bytes):
            try:
                cells[row - 2] = cell.decode("utf-8")
            except UnicodeDecodeError as error:
                raise DeguError(
                    f"column '{name}' holds bytes that are no text, {cell!r}, in row {row}",
                    where=path,
                    expected="text in UTF-8",
                    remedy="store text or numbers in this column",
                ) from error
    return cells


def _assemble(
    header: list[str],
    rows: Rows,
    columns: list[str] | None,
    path: str | Path,
    *,
    known: list[str] | None = None,
    remedy: str | None = None,
) -> pd.DataFrame:
    """Return the wanted columns of a table, and check that each is there once."""
    wanted = [name for name in header if name] if columns is None else list(dict.fromkeys(columns))
    require_columns(known or header, wanted, where=path, remedy=remedy)
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
    kept: list[Sequence[object]] = []
    width = len(header)
    for line, row in rows:
        # Most rows hold text, and zeros are no empty cells.
        if not any(row) and all(value is None or value == "" for value in row):
            continue
        if len(row) != width:
            if any(value is not None for value in row[width:]):
                raise DeguError(f"row {line} has cells beyond the last column of the header", where=path)
            row = [*row, *[None] * (width - len(row))]
        lines.append(line)
        kept.append([row[place] for place in places])
    if not lines:
        raise DeguError(
            "the table has no rows",
            where=path,
            expected="a header and one row for each sequence",
            remedy="check what was exported",
        )
    index = pd.Index(lines)
    columns_read = zip(wanted, zip(*kept, strict=True), strict=True)
    series = {
        name: pd.Series([None if value == "" else value for value in values], index, dtype=object)
        for name, values in columns_read
    }
    return pd.DataFrame(series, index=index)


def require_columns(known: Iterable[Hashable], columns: list[str], *, where: object, remedy: str | None = None) -> None:
    """Check that a table, of which the names of the columns are given, has certain columns.

    Raises
    ------
    DeguError
        If a column is missing. The message names it and the column with the most similar name.
    """
    names = [str(name) for name in known if name != ""]
    for column in columns:
        if column not in names:
            raise DeguError(
                f"there is no column '{column}'", where=where, expected=did_you_mean(column, names), remedy=remedy
            )
