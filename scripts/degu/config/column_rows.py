"""The option `rows` of importers that read a table: which values the rows to read have in some columns.

Such an importer declares `ROWS_NAME_COLUMNS = True`, so that its rows are checked when a run is planned.
"""

from typing import Any

from degu.errors import DeguError

_EXPECTED = "a mapping from a column to a value or a non-empty list of values, as in `rows: {medium: [YPD, SD]}`"
_IN_QUOTES = "write it in quotes, as it stands in the table"


def check_rows(rows: Any, where: str) -> None:
    """Check the form of the values that choose rows; None and an empty mapping choose all rows.

    Parameters
    ----------
    rows
        The value, or the list of values, that is wanted in each column, by the column's name.
    where
        The file, if it is known, and the key of the rows, for error messages.

    Raises
    ------
    DeguError
        If that is no mapping, a column is no text, a list is empty, or a value is neither text nor a number.
    """
    if rows is None:
        return
    if not isinstance(rows, dict):
        raise DeguError(f"{rows!r} is no mapping", where=where, expected=_EXPECTED)
    for column, wanted in rows.items():
        if not isinstance(column, str):
            raise DeguError(f"the column {column!r} is not text", where=where, expected=_EXPECTED, remedy=_IN_QUOTES)
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
