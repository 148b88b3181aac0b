"""Excel workbooks: the cells of one sheet."""

import contextlib
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.reader.excel import ExcelReader

from degu.errors import DeguError, did_you_mean

_EXPECTED = "an Excel workbook (.xlsx)"
_REMEDY = "save the sheet as xlsx or csv"
# What other ZIP archives are, by a file that they hold.
_OTHERS = {
    "mimetype": "a workbook of LibreOffice",
    "xl/workbook.bin": "a binary workbook of Excel (.xlsb)",
    "word/document.xml": "a document of Word",
}


def is_zip(path: str | Path) -> bool:
    """Return whether the first bytes of a file are those of a ZIP archive, as of each Excel workbook."""
    with Path(path).open("rb") as handle:
        return handle.read(4) == b"PK\x03\x04"


def sheet_names(path: str | Path) -> list[str]:
    """Return the names of a workbook's sheets, but for those that hold a chart alone.

    Raises
    ------
    DeguError
        If the file is another ZIP archive than an Excel workbook.
    """
    return list(_sheet_states(path))


def first_sheet(path: str | Path) -> str:
    """Return the name of a workbook's first sheet that is not hidden.

    Raises
    ------
    DeguError
        If there is none.
    """
    states = _sheet_states(path)
    name = next((name for name, state in states.items() if state == "visible"), None)
    if name is None:
        raise DeguError(
            f"the workbook has no visible sheet of cells; those that are hidden: {', '.join(states) or 'none'}",
            where=path,
            expected="a sheet with a table",
            remedy="name the sheet, or show it in Excel or LibreOffice and save the workbook",
        )
    return name


def _sheet_states(path: str | Path) -> dict[str, str]:
    """Return for each sheet of cells whether it is `visible`, or how it is hidden."""
    with zipfile.ZipFile(path) as archive:
        files = archive.namelist()
    if "xl/workbook.xml" not in files:
        found = next((kind for name, kind in _OTHERS.items() if name in files), "a ZIP archive, but no workbook")
        raise DeguError(f"the file is {found}", where=path, expected=_EXPECTED, remedy=_REMEDY)
    with _opened(path) as book:
        return {sheet.title: sheet.sheet_state for sheet in book.worksheets}


def read_rows(path: str | Path, sheet: str | None = None) -> Iterator[tuple[int, Sequence[object]]]:
    """Return an iterator over the rows of a sheet that hold anything.

    Parameters
    ----------
    path
        An xlsx workbook.
    sheet
        The name of the sheet; None selects the first one that is not hidden.

    Returns
    -------
    For each row its number in the sheet, counted from 1, and its cells: text, numbers, dates, truth values, or None
    where a cell is empty. A formula has the value that Excel computed last, and an error such as `#DIV/0!` is text.

    Raises
    ------
    DeguError
        If the file is no workbook, or has no such sheet.
    """
    if sheet is None:
        return _rows(path, first_sheet(path))
    names = sheet_names(path)
    if sheet not in names:
        raise DeguError(f"there is no sheet '{sheet}'", where=path, expected=did_you_mean(sheet, names))
    return _rows(path, sheet)


@contextlib.contextmanager
def sheet_xml(path: str | Path, sheet: str) -> Iterator[IO[bytes]]:
    """Open the XML of a sheet for reading."""
    with _opened(path) as book, book[sheet]._get_source() as source:
        yield source


def _rows(path: str | Path, sheet: str) -> Iterator[tuple[int, Sequence[object]]]:
    with _opened(path) as book:
        cells = book[sheet]
        # Some programs write a wrong size, and the cells beyond it would not be read.
        cells.reset_dimensions()
        for number, row in enumerate(cells.iter_rows(), 1):
            values = [_value(cell) for cell in row]
            if any(value is not None for value in values):
                yield number, values


class _Reader(ExcelReader):
    """The reader of openpyxl, which reads charts even where only cells are asked for, and fails on some of them."""

    def read_chartsheet(self, sheet: object, rel: object) -> None:
        """Leave out a sheet that holds a chart alone."""


@contextlib.contextmanager
def _opened(path: str | Path) -> Iterator[openpyxl.Workbook]:
    # Given a path, openpyxl would refuse a workbook whose name has another suffix.
    with Path(path).open("rb") as handle:
        reader = _Reader(handle, read_only=True, data_only=True)
        reader.read()
        try:
            yield reader.wb
        finally:
            reader.wb.close()


def _value(cell: Cell) -> object:
    """Return the value of a cell; a whole number that is shown with leading zeros is text, because it is a label."""
    value = cell.value
    if isinstance(value, int) and not isinstance(value, bool) and re.fullmatch("00+", cell.number_format or ""):
        return str(value).zfill(len(cell.number_format))
    return None if value == "" else value
