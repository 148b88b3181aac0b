"""The columns of a table that nobody has described yet, and what each of them holds."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from degu.config.bases import LETTERS
from degu.errors import DeguError
from degu.formats.cells import as_number, stripped

Kind = Literal["sequences", "numbers", "mixed", "labels", "empty"]

# A column holds sequences if this part of its cells has letters of DNA alone, of this length at least.
_MOST = 0.9
_SHORTEST = 8
# A column in which this part of the cells are numbers is one of numbers, with text among them.
_MAINLY = 0.8


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    name
        Its name.
    kind
        What it holds: `sequences`, `numbers`, numbers with text among them (`mixed`), other `labels`, or nothing.
    texts
        Its cells as text, None where a cell is empty.
    numbers
        float64, (N,): its cells as numbers, NaN where a cell is none.
    text_cells
        The text that stands among numbers, by the row of the file.
    """

    name: str
    kind: Kind
    texts: list[str | None]
    numbers: np.ndarray
    text_cells: dict[int, str]

    @property
    def missing(self) -> int:
        """Number of empty cells; in a column of numbers, those that stand for a missing value are empty."""
        if self.kind in ("numbers", "mixed"):
            return int(np.isnan(self.numbers).sum()) - len(self.text_cells)
        return sum(text is None for text in self.texts)

    @property
    def values(self) -> list[str]:
        """The distinct values of the column as text, in order of appearance."""
        return list(dict.fromkeys(text for text in self.texts if text is not None))

    @property
    def is_constant(self) -> bool:
        """Whether all cells that are not empty have one value."""
        if self.kind == "numbers":
            present = self.numbers[~np.isnan(self.numbers)]
            return bool(np.ptp(present) == 0) if present.size else False
        return len(self.values) == 1

    @property
    def is_distinct(self) -> bool:
        """Whether each cell has a value of its own."""
        return len(self.values) == len(self.texts)

    @property
    def is_shared(self) -> bool:
        """Whether there is more than one value, and at least one of them stands in several rows."""
        return 1 < len(self.values) < sum(text is not None for text in self.texts)

    @property
    def is_coarse(self) -> bool:
        """Whether each value stands in two rows on average or more."""
        return len(self.values) <= len(self.texts) / 2


def describe_columns(frame: pd.DataFrame) -> dict[str, Column]:
    """Return what the columns of a table hold, by their names.

    Parameters
    ----------
    frame
        A table as from `degu.formats.source_tables.read_table`.
    """
    return {str(name): _describe(frame, str(name)) for name in frame.columns}


def _describe(frame: pd.DataFrame, name: str) -> Column:
    texts = _texts(frame, name)
    cells = [as_number(cell) for cell in frame[name].tolist()]
    numbers = np.array([np.nan if cell is None else cell for cell in cells])
    is_text = np.array([cell is None for cell in cells])
    kind = _kind(texts, numbers, is_text)
    rows, own = frame.index.to_numpy()[is_text].tolist(), frame[name][is_text].tolist()
    among = dict(zip(rows, map(str, own), strict=True)) if kind == "mixed" else {}
    return Column(name, kind, texts, numbers, among)


def _texts(frame: pd.DataFrame, name: str) -> list[str | None]:
    """Return the cells of a column as text; where an importer would refuse one, such as a date, as it is printed."""
    try:
        return stripped(frame, name, where="the table")
    except DeguError:
        return [None if cell is None else str(cell) for cell in frame[name].tolist()]


def _kind(texts: list[str | None], numbers: np.ndarray, is_text: np.ndarray) -> Kind:
    filled = [text for text in texts if text is not None]
    if not filled:
        return "empty"
    if sum(len(text) >= _SHORTEST and LETTERS.issuperset(text) for text in filled) >= _MOST * len(filled):
        return "sequences"
    found = np.count_nonzero(~np.isnan(numbers))
    if not is_text.any():
        return "numbers" if found else "empty"
    return "mixed" if found >= _MAINLY * (found + np.count_nonzero(is_text)) else "labels"
