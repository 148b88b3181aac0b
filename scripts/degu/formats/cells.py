"""The cells of source tables: columns of Python objects become numbers, labels or sequences.

Nothing is guessed about what a cell means: what is neither is refused with its column and row.
"""

import datetime
import decimal
import re

import numpy as np
import pandas as pd

from degu.errors import DeguError
from degu.formats.look_alikes import tidy

_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?|[-+]?(inf|infinity)", re.IGNORECASE)
# Text that stands for an empty cell in a column of numbers, in lower case. In a column of labels it is a label.
_EMPTY = {"", "na", "n/a", "#n/a", "nan", "-nan", "null", "none", "<na>"}
_DATES = (datetime.date, datetime.time, datetime.timedelta)


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
        cells = frame[column].tolist()
        numbers = [as_number(cell) for cell in cells]
        if None in numbers:
            row = numbers.index(None)
            raise DeguError(
                f"column '{column}' holds {_describe(cells[row])} in row {frame.index[row]}",
                where=where,
                expected="a number or an empty cell",
                remedy=_remedy(cells[row]),
            )
        values[:, index] = numbers
    return values


def as_number(cell: object) -> float | None:
    """Return a cell as a number, NaN if it is empty or stands for that, or None if it is anything else."""
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
    return f"the date or time {cell}" if isinstance(cell, _DATES) else f"'{cell}'"


def _remedy(cell: object) -> str | None:
    """Return what to do about a cell that is no number."""
    if isinstance(cell, _DATES):
        return (
            "store numbers in this column; if a spreadsheet made dates of them, format the cells as numbers and enter "
            "them again"
        )
    if isinstance(cell, bool):
        return "write 1 for true and 0 for false"
    return _without_commas(cell.strip()) if isinstance(cell, str) else None


def _without_commas(text: str) -> str | None:
    """Return how to write a number that holds commas, each way that it may be meant; None if it is none."""
    whole = text.replace(",", "")
    if re.fullmatch(r"[-+]?[1-9][0-9]{0,2},[0-9]{3}", text):
        return f"write {text.replace(',', '.')} if the comma is a decimal comma, and {whole} if it separates thousands"
    if re.fullmatch(r"[-+]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]*)?", text):
        return f"write {whole}, with nothing between the thousands"
    if re.fullmatch(r"[-+]?[0-9]+,[0-9]+([eE][-+]?[0-9]+)?", text):
        return "write decimal numbers with a point"
    return None


def labels(frame: pd.DataFrame, column: str, *, where: object) -> list[str | None]:
    """Return a column of a table as text, N values of which an empty cell is None.

    Text stays as it is, so that `0001`, `12E5` and `NA` are labels like others; a whole number is written without a
    point.

    Raises
    ------
    DeguError
        If a cell holds a date, which a spreadsheet has made of text, a list, or text with a byte of zero.
    """
    return [_label(cell, column, row, where) for row, cell in zip(frame.index, frame[column], strict=True)]


def stripped(frame: pd.DataFrame, column: str, *, where: object) -> list[str | None]:
    """Return a column as from `labels`, each value as from `tidy`; a cell of blanks alone is None.

    Sequences are read so, and labels that are compared with each other or with words of the configuration.
    """
    return [tidy(label or "") or None for label in labels(frame, column, where=where)]


def _label(cell: object, column: str, row: int, where: object) -> str | None:
    if cell is None:
        return None
    if isinstance(cell, str):
        if "\0" in cell:
            raise DeguError(
                f"column '{column}' holds a byte of zero within text in row {row}",
                where=where,
                expected="text without it, since programs end a text there",
                remedy="remove it where the file is made",
            )
        return cell
    if isinstance(cell, _DATES):
        raise DeguError(
            f"column '{column}' holds {_describe(cell)} in row {row}",
            where=where,
            expected="text",
            remedy="store text in this column; if a spreadsheet made dates of it, format the cells as text and enter "
            "it again",
        )
    if isinstance(cell, list | dict):
        raise DeguError(f"column '{column}' holds a list, {cell}, in row {row}", where=where, expected="text")
    if isinstance(cell, float):
        if np.isnan(cell):
            return None
        if cell.is_integer():
            return str(int(cell))
    return str(cell)
