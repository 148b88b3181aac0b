"""The option `rows` of importers that read a table: which values, or numbers, the rows to read have in some columns.

Such an importer declares `ROWS_NAME_COLUMNS = True`, so that its rows are checked when a run is planned.
"""

import math
from collections.abc import Mapping
from typing import Any

from degu.config.values import BOUNDS, is_within, range_in_words, read_as
from degu.errors import DeguError, did_you_mean

_EXPECTED = (
    "a mapping from a column to a value, a non-empty list of values or a range of numbers, as in "
    "`rows: {medium: [YPD, SD], reads: {at_least: 100}}`"
)
_IN_QUOTES = "write it in quotes, as it stands in the table"


def check_rows(rows: Any, where: str) -> None:
    """Check the form of the values and ranges that choose rows; None and an empty mapping choose all rows.

    Parameters
    ----------
    rows
        The value, the list of values or the range of numbers that is wanted in each column, by the column's name.
    where
        The file, if it is known, and the key of the rows, for error messages.

    Raises
    ------
    DeguError
        If that is no mapping, a column is no text, a list or a range is empty, a value is neither text nor a number, or
        the end of a range is no number.
    """
    if rows is None:
        return
    if not isinstance(rows, dict):
        raise DeguError(f"{rows!r} is no mapping", where=where, expected=_EXPECTED)
    for column, wanted in rows.items():
        if not isinstance(column, str):
            raise DeguError(f"the column {column!r} is not text", where=where, expected=_EXPECTED, remedy=_IN_QUOTES)
        if isinstance(wanted, dict):
            bounds_of(wanted, f"{where}.{column}")
            continue
        if wanted == []:
            raise DeguError("the list of values is empty", where=f"{where}.{column}", expected=_EXPECTED)
        for value in wanted if isinstance(wanted, list) else [wanted]:
            # YAML reads TRUE, yes and on alike, so it is not known what the table has.
            if isinstance(value, bool):
                raise DeguError(
                    f"{value} is a truth value", where=f"{where}.{column}", expected=_EXPECTED, remedy=_IN_QUOTES
                )
            if not isinstance(value, str | int | float):
                raise DeguError(
                    f"{value!r} is neither text nor a number", where=f"{where}.{column}", expected=_EXPECTED
                )


def bounds_of(wanted: Mapping, where: str) -> dict[str, float]:
    """Return the ends of a range of numbers by words of `degu.config.values.BOUNDS`.

    Parameters
    ----------
    wanted
        The range as a person has written it, such as `{"at_least": 100, "below": 500}`.
    where
        The file, if it is known, and the key of the range, for error messages.

    Raises
    ------
    DeguError
        If it has no end, a word is unknown, an end is no finite number, or no number is within the range.
    """
    if not wanted:
        raise DeguError("the range has no end", where=where, expected=_EXPECTED)
    bounds: dict[str, float] = {}
    for word, end in wanted.items():
        if word not in BOUNDS:
            raise DeguError(f"unknown end '{word}' of a range", where=where, expected=did_you_mean(str(word), BOUNDS))
        number = read_as(end, ("number",))
        if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
            raise DeguError(f"{end!r} is no finite number", where=f"{where}.{word}", expected=_EXPECTED)
        bounds[word] = number
    lower = max((bounds[word] for word in ("at_least", "above") if word in bounds), default=-math.inf)
    upper = min((bounds[word] for word in ("at_most", "below") if word in bounds), default=math.inf)
    # A range holds a number if, and only if, it holds the one in its middle.
    if math.isfinite(upper - lower) and not is_within((lower + upper) / 2, bounds):
        raise DeguError(
            f"there is no number {range_in_words(bounds)}", where=where, expected="a lower end below the upper one"
        )
    return bounds
