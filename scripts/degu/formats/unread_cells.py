"""Cells of a workbook that look filled to the person who made it, but hold no value that can be read.

Only the first of some merged cells holds a value, and a formula holds one only after a spreadsheet program computed it.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, NamedTuple
from xml.etree.ElementTree import Element, iterparse

from openpyxl.utils import coordinate_to_tuple, get_column_letter, range_boundaries

from degu.errors import DeguError
from degu.formats.workbooks import sheet_xml

_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z0-9:$]+)[\"']")
_BLOCK = 1 << 20


class _Unread(NamedTuple):
    """A range of cells without a value, what it is, and what to do about it; rows and columns count from 1."""

    rows: range
    columns: range
    what: str
    remedy: str


def check_unread_cells(path: str | Path, sheet: str, columns: Mapping[int, str], *, header: int) -> None:
    """Check that no cell that is read is one of merged cells or holds a formula without its value.

    Parameters
    ----------
    path, sheet
        The workbook, and the name of its sheet.
    columns
        The names of the columns that are read, by their numbers, counted from 1.
    header
        The number of the row of the header; the rows after it are read.

    Raises
    ------
    DeguError
        If there is such a cell. The message names it.
    """
    for unread in _unread(path, sheet):
        column = next((columns[number] for number in unread.columns if number in columns), None)
        if column is not None and unread.rows[-1] > header:
            raise DeguError(
                unread.what,
                where=f"{path}, sheet {sheet}",
                expected=f"a value in each cell of the column '{column}', or an empty cell",
                remedy=unread.remedy,
            )


def _unread(path: str | Path, sheet: str) -> Iterator[_Unread]:
    has_formulas = False
    with sheet_xml(path, sheet) as source:
        for tags in _tags(source):
            has_formulas = has_formulas or _FORMULA.search(tags) is not None
            for match in _MERGED.finditer(tags):
                yield from _merged(match[1].decode())
    # Most sheets have no formulas, and to take XML apart needs longer than all else.
    if has_formulas:
        with sheet_xml(path, sheet) as source:
            yield from _formulas(source)


def _tags(source: IO[bytes]) -> Iterator[bytes]:
    """Yield XML in blocks that each end with whole tags."""
    rest = b""
    while block := source.read(_BLOCK):
        whole, begun, end = (rest + block).rpartition(b"<")
        rest = begun + end
        yield whole
    yield rest


def _formulas(source: IO[bytes]) -> Iterator[_Unread]:
    """Yield the cells whose formulas have no value."""
    row = column = 0
    for event, element in iterparse(source, events=("start", "end")):
        tag = element.tag.rpartition("}")[2]
        if event == "start" and tag == "row":
            row, column = int(element.get("r", row + 1)), 0
        elif event == "end" and tag == "row":
            element.clear()
        elif event == "end" and tag == "c":
            place = element.get("r")
            row, column = coordinate_to_tuple(place) if place else (row, column + 1)
            if _is_not_computed(element):
                yield _formula(row, column)


def _is_not_computed(cell: Element) -> bool:
    """Return whether a cell holds a formula without a value. One whose value is empty text says so by its type."""
    parts = {part.tag.rpartition("}")[2]: part.text for part in cell}
    return "f" in parts and not parts.get("v") and cell.get("t") != "str"


def _formula(row: int, column: int) -> _Unread:
    return _Unread(
        range(row, row + 1),
        range(column, column + 1),
        f"the formula in cell {get_column_letter(column)}{row} has no stored value",
        "open the workbook in Excel or LibreOffice and save it there, so that its formulas are computed",
    )


def _merged(ref: str) -> Iterator[_Unread]:
    """Yield the cells of a merged range, without the first, which holds the value."""
    left, top, right, bottom = range_boundaries(ref)
    what, remedy = f"the cells {ref} are merged", "unmerge them and enter the value in each of them"
    if right > left:
        yield _Unread(range(top, bottom + 1), range(left + 1, right + 1), what, remedy)
    if bottom > top:
        yield _Unread(range(top + 1, bottom + 1), range(left, right + 1), what, remedy)
