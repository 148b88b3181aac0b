"""The one exception for mistakes that a person can correct, and help for naming them."""

import difflib
from collections.abc import Iterable

# The remedy for a file of the workflow's own that is damaged or out of date.
REMAKE = "delete the file and run Snakemake again"


class DeguError(Exception):
    """Bad input or configuration, told so that a person can mend it.

    Parameters
    ----------
    what
        What is wrong.
    where
        The file, row or configuration key it was found in.
    expected
        What would have been right.
    remedy
        What to do about it.
    """

    def __init__(
        self, what: str, *, where: object = None, expected: str | None = None, remedy: str | None = None
    ) -> None:
        lines = [f"{where}: {what}" if where is not None else what]
        if expected:
            lines.append(f"  expected: {expected}")
        if remedy:
            lines.append(f"  remedy:   {remedy}")
        super().__init__("\n".join(lines))


# More words than these are not listed beside the nearest one.
_MANY_WORDS = 20


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint naming the known word nearest to `word`, and all known words.

    Beside the nearest one, a long list would hide what is to be done, so that its length stands in its place.
    """
    known = sorted(str(name) for name in known)
    # Of names that differ in upper and lower case alone, the last one stands for all.
    lower = {name.lower(): name for name in known}
    nearest = [lower[name] for name in difflib.get_close_matches(str(word).lower(), lower, n=1, cutoff=0.5)]
    hint = f"did you mean '{nearest[0]}'? " if nearest else ""
    if nearest and len(known) > _MANY_WORDS:
        return f"{hint}{len(known)} are known"
    return f"{hint}known: {', '.join(known) or 'none'}"


def name_rows(rows: Iterable[int], most: int = 5, word: str = "row") -> str:
    """Return the first few of some row numbers as text, as in `rows 2, 5, 9 and 12 more`."""
    rows = [int(row) for row in rows]
    word = word if len(rows) == 1 else f"{word}s"
    more = f" and {len(rows) - most:,} more" if len(rows) > most else ""
    return f"{word} {', '.join(str(row) for row in rows[:most])}{more}"


def installing(extra: str) -> str:
    """Return the command that installs the packages of an extra of this project, which is on no package index."""
    return f"pip install '.[{extra}]' in a clone of DEGU"
