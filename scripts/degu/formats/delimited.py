"""Delimited text: tables of tab- or comma-separated lines, of which each is accounted for."""

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from degu.errors import DeguError
from degu.formats.text import open_text

_REFUSED = {";": "semicolons", "|": "vertical bars"}
# Sequences may be long; the module `csv` refuses more than this number of letters in a field.
csv.field_size_limit(1 << 30)


def read_delimited(path: str | Path) -> tuple[list[str], Iterator[tuple[int, Sequence[str]]]]:
    r"""Read the header of a table of text, and return it with an iterator over its rows.

    Fields are separated by tabs, or by commas where the header has no tab, and may stand in double quotes. Each row is
    one line and has as many fields as the header; blank lines are skipped. Rows that have one field more, at their
    beginning, are read where that field is a row name as R writes them: the numbers 1, 2, ..., or text in quotes where
    the header is in quotes too.

    Returns
    -------
    The names of the columns, and for each row the number of its line in the file and its fields

    Raises
    ------
    DeguError
        If the file is not UTF-8, its lines are separated by something else, a quote is not closed, or a line has
        another number of fields than the header. Whatever is wrong in a row is found when the iterator comes to it.
    """
    path = Path(path)
    with open_text(path) as handle:
        header_line = handle.readline()
    if not header_line.strip():
        raise DeguError("the table has no header in its first line", where=path)
    separator = _separator(header_line, path)
    header = _split(header_line, 1, separator, path)
    in_quotes = all(field.startswith('"') for field in header_line.split(separator))
    return header, _rows(path, separator, len(header), in_quotes)


def _rows(path: Path, separator: str, width: int, header_in_quotes: bool) -> Iterator[tuple[int, Sequence[str]]]:
    names: _RowNames | None = None
    begun = False
    with open_text(path) as handle:
        next(handle)
        for number, line in enumerate(handle, 2):
            if not line.strip():
                continue
            fields = _split(line, number, separator, path)
            if not begun and len(fields) == width + 1:
                names = _RowNames(path, header_in_quotes)
            begun = True
            if len(fields) != width + (names is not None):
                raise _other_width(len(fields), number, width, names is not None, path)
            if names is not None:
                names.check(fields, number, line)
                fields = fields[1:]
            if any(fields):
                yield number, fields


class _RowNames:
    """The check that the additional field at the beginning of each row is a row name as R writes them."""

    def __init__(self, path: Path, header_in_quotes: bool) -> None:
        self._path = path
        self._in_quotes = header_in_quotes
        self._seen: set[str] = set()

    def check(self, fields: Sequence[str], number: int, line: str) -> None:
        """Raise an error if the first field of a row is no row name, or the last one is empty."""
        name = fields[0]
        numbered = name == str(len(self._seen) + 1)
        quoted = self._in_quotes and line.startswith('"') and name != ""
        if fields[-1] == "" or name in self._seen or not (numbered or quoted):
            raise _other_width(len(fields), number, len(fields) - 1, False, self._path)
        self._seen.add(name)


def _separator(header: str, path: Path) -> str:
    bare = re.sub(r'"[^"]*"', "", header)
    for separator, name in _REFUSED.items():
        if "\t" not in bare and bare.count(separator) > bare.count(","):
            raise DeguError(
                f"the columns are separated by {name}",
                where=path,
                expected="tabs or commas",
                remedy="export the table with tabs, and with points in decimal numbers",
            )
    return "\t" if "\t" in bare else ","


def _split(line: str, number: int, separator: str, path: Path) -> list[str]:
    """Return the fields of one line."""
    if "\0" in line:
        raise DeguError(f"line {number} holds a byte of zero", where=path, expected="text in UTF-8")
    try:
        return next(csv.reader((line,), delimiter=separator, strict=True))
    except csv.Error as error:
        raise DeguError(
            f"line {number} cannot be split into fields: {error}",
            where=path,
            expected="a field that begins with a double quote ends with one, in the same line",
            remedy='write a double quote that belongs to a field as two, and the field in quotes: "the ""best"" one"',
        ) from error


def _other_width(found: int, number: int, width: int, row_names: bool, path: Path) -> DeguError:
    """Return the error for a line that has another number of fields than the header."""
    wanted = width + row_names
    if found == wanted + 1:
        remedy = (
            "remove the separator at the end of each line if there is one; else give each column a name in the header"
        )
    else:
        remedy = "correct the line, or put the field that holds the separator in double quotes"
    return DeguError(
        f"line {number} has {found} fields",
        where=path,
        expected=f"{width} fields, as the header has" + (", and a row name before them" if row_names else ""),
        remedy=remedy,
    )
