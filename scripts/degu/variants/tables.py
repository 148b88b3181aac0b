"""Tables of measured variants, which may begin with lines of comments, as those of CAGI5 do."""

import itertools
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from degu.errors import DeguError, did_you_mean
from degu.formats.source_tables import read_table, require_columns
from degu.formats.text import is_gzipped, open_text

_COMMENT = "#"


def read_variant_table(path: Path, columns: list[str]) -> pd.DataFrame:
    """Read columns of a table of variants; its index holds the lines of the file, counted from 1.

    Lines at the beginning that begin with # are comments. The last of them is the header, and its # is no part of the
    name of the first column.

    Parameters
    ----------
    path
        A table as `degu.formats.source_tables.read_table` takes it, or one with comments.
    columns
        The columns to keep.

    Raises
    ------
    DeguError
        As `read_table` raises it.
    """
    comments = _comments(path)
    if not comments:
        return read_table(path, columns=columns)
    header = comments[-1].removeprefix(_COMMENT).rstrip("\n").split("\t")
    require_columns(header, columns, where=path)
    kept: dict[int, list[str | None]] = {}
    with open_text(path) as handle:
        for line, text in enumerate(handle, 1):
            if line <= len(comments) or not text.strip():
                continue
            cells: list[str | None] = [cell or None for cell in text.rstrip("\n").split("\t")]
            # Spreadsheets leave out empty cells at the end of a line.
            kept[line] = [*cells, *[None] * (len(header) - len(cells))][: len(header)]
    frame = pd.DataFrame.from_dict(kept, orient="index", columns=header, dtype=object)
    return frame[list(dict.fromkeys(columns))]


def columns_with(defaults: Mapping[str, str], given: Mapping[str, str] | None, *, where: str) -> dict[str, str]:
    """Return the columns by what they hold: those of the defaults, with the given ones in their place.

    A name that is given as empty text stands for no such column.

    Raises
    ------
    DeguError
        If something is given that a source does not know.
    """
    for key in given or {}:
        if key not in defaults:
            raise DeguError(f"a source has no column for '{key}'", where=where, expected=did_you_mean(key, defaults))
    return {key: name for key, name in {**defaults, **(given or {})}.items() if name}


def _comments(path: Path) -> list[str]:
    """Return the lines at the beginning of a file of text that begin with #."""
    with path.open("rb") as handle:
        # Neither a workbook nor parquet begins so; a packed file is read as text.
        if handle.read(1) != _COMMENT.encode() and not is_gzipped(path):
            return []
    with open_text(path) as handle:
        return list(itertools.takewhile(lambda text: text.startswith(_COMMENT), handle))
