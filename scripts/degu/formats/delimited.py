"""Delimited text: tables of tab- or comma-separated lines, of which each is accounted for."""

import csv
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from degu.errors import DeguError
from degu.formats.text import open_text

_REFUSED = {";": "semicolons", "|": "vertical bars"}
_PAGES = ("<!doctype", "<html", "<?xml", "<head", "<body")
_QUOTED = re.compile(r'"[^"]*"')
_DECIMAL_COMMA = "if numbers have a decimal comma, write them with a point, because commas separate the columns"
# The number of lines among which a header that is not in the first one is sought.
_SEARCHED = 20
# Sequences may be long; the module `csv` refuses more than this number of letters in a field.
csv.field_size_limit(1 << 30)


def read_delimited(path: str | Path) -> tuple[list[str], Iterator[tuple[int, Sequence[str]]]]:
    r"""Read the header of a table of text, and return it with an iterator over its rows.

    Fields are separated by tabs, or by commas where the header has no tab, and may stand in double quotes. Each row is
    one line and has as many fields as the header; blank lines are skipped. Rows that have one field more, at their
    beginning, are read only where that field is certainly a row name as R writes them (see `_RowNames`).

    Returns
    -------
    The names of the columns, and for each row the number of its line in the file and its fields

    Raises
    ------
    DeguError
        If the file is not UTF-8 or a web page, its lines are separated by something else, a quote is not closed, a line
        has another number of fields than the header, or a field stands in a column without a name that is not the
        first. Whatever is wrong in a row is found when the iterator comes to it.
    """
    path = Path(path)
    with open_text(path) as handle:
        header_line = handle.readline()
    if not header_line.strip():
        raise DeguError("the table has no header in its first line", where=path)
    if header_line.startswith("\ufeff"):
        raise DeguError(
            "the file begins with more than one byte order mark",
            where=path,
            expected="text in UTF-8, with one mark or none",
            remedy="remove the marks: save the file as UTF-8 without a byte order mark",
        )
    if header_line.lstrip().lower().startswith(_PAGES):
        raise DeguError(
            "the file is a web page (HTML or XML)",
            where=path,
            expected="a table of text",
            remedy="fetch the file again: its address may lead to a page about it, or to one that asks for a login",
        )
    separator = _separator(header_line, path)
    header = _split(header_line, 1, separator, path)
    certain = separator == "\t" and all(field.startswith('"') for field in header_line.split(separator))
    return header, _rows(path, separator, header, certain)


def find_header(path: str | Path, names: Iterable[str]) -> str | None:
    """Say where in the first lines of a text file the names of columns stand, if they do, and what to do about it.

    Returns
    -------
    Advice in one sentence, or None if no line holds all of the names
    """
    wanted = set(names)
    with open_text(path) as handle:
        for number, line in enumerate(itertools.islice(handle, _SEARCHED), 1):
            bare = line.replace('"', "").strip("\ufeff\n")
            if any(wanted <= {field.strip() for field in bare.split(separator)} for separator in "\t,"):
                return f"delete all lines above line {number}, which holds these names" if number > 1 else None
            if wanted <= set(bare.split()):
                return f"separate the columns by tabs: line {number} has these names, separated by blanks"
    return None


def _rows(path: Path, separator: str, header: Sequence[str], row_names: bool) -> Iterator[tuple[int, Sequence[str]]]:
    names: _RowNames | None = None
    begun = False
    width = len(header)
    unnamed = [place for place, name in enumerate(header) if place > 0 and not name.strip()]
    with open_text(path) as handle:
        next(handle)
        for number, line in enumerate(handle, 2):
            if not line.strip():
                continue
            fields = _split(line, number, separator, path)
            if not begun and row_names and len(fields) == width + 1:
                names = _RowNames(path)
            begun = True
            if len(fields) != width + (names is not None):
                raise _other_width(len(fields), number, width, names is not None, separator, path)
            if names is not None:
                names.check(fields, number, line)
                fields = fields[1:]
            for place in unnamed:
                if fields[place]:
                    raise _without_name(fields[place], number, place, separator, path)
            if any(fields):
                yield number, fields


class _RowNames:
    """The check that the additional field at the beginning of each row is certainly a row name as R writes them.

    Such a row might as well end in a column that has no name; then its first field belongs to the first column, and
    all others would be read shifted by one. R puts row names in quotes, text too, but no numbers. So the field is a
    row name where the columns are separated by tabs, the header is in quotes, and the field is "1", "2", ... in quotes
    beside another that is in none.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._count = 0

    def check(self, fields: Sequence[str], number: int, line: str) -> None:
        """Raise an error if the first field of a row may be anything else, or the last one is empty."""
        self._count += 1
        counted = line.startswith(f'"{self._count}"\t')
        outside = _QUOTED.sub("", line).strip()
        if fields[-1] == "" or not counted or not outside:
            raise _other_width(len(fields), number, len(fields) - 1, False, "\t", self._path)


def _separator(header: str, path: Path) -> str:
    bare = _QUOTED.sub("", header)
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
    if '"' not in line:
        # This is what the module `csv` does with such a line, in an eighth of the time.
        return line.removesuffix("\n").split(separator)
    try:
        return next(csv.reader((line,), delimiter=separator, strict=True))
    except csv.Error as error:
        raise DeguError(
            f"line {number} cannot be split into fields: {error}",
            where=path,
            expected="a field that begins with a double quote ends with one, in the same line",
            remedy='write a double quote that belongs to a field as two, and the field in quotes: "the ""best"" one"',
        ) from error


def _other_width(found: int, number: int, width: int, row_names: bool, separator: str, path: Path) -> DeguError:
    """Return the error for a line that has another number of fields than the header."""
    wanted = width + row_names
    remedy = "correct the line, or put the field that holds the separator in double quotes"
    if found == wanted + 1:
        remedy = (
            "remove the separator at the end of each line if there is one; if a column has no name in the header, give "
            "it one; if the first field is a row name of R, write the table again with row.names = FALSE"
        )
        if separator == ",":
            remedy += f"; {_DECIMAL_COMMA}"
    return DeguError(
        f"line {number} has {found} fields",
        where=path,
        expected=f"{width} fields, as the header has" + (", and a row name before them" if row_names else ""),
        remedy=remedy,
    )


def _without_name(field: str, number: int, place: int, separator: str, path: Path) -> DeguError:
    """Return the error for a field in a column that has no name."""
    return DeguError(
        f"line {number} holds '{field}' in column {place + 1}, which has no name in the header",
        where=path,
        expected="a name for each column",
        remedy="name the column or remove it" + (f"; {_DECIMAL_COMMA}" if separator == "," else ""),
    )
