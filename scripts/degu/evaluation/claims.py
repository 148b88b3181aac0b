"""Claims: what is said of models, how large the effect is, and whether it holds.

Every table of claims has a row for each claim, and these columns among others: `target`; `claim`, a sentence;
`quantity`, what `effect` is; `low` and `high`, the ends of its 95 % interval, which are empty where there is none; and
`verdict`. A claim holds if the whole interval says so, it does not hold if the whole interval says the opposite, and
else it is undecided. So it is where few sequences or seeds give no interval. Claims of a kind that has no intervals are
decided by the effect alone. Intervals are not widened for the number of claims: one of forty is wrong by chance.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

HOLDS, DOES_NOT_HOLD, UNDECIDED = "holds", "does not hold", "undecided"
# Intervals keep their level, and one model keeps the coverage of another one, up to this.
COVERAGE_TOLERANCE = 0.05
COLUMNS = [
    *("dataset", "teacher", "student", "topic", "case", "target"),
    *("claim", "quantity", "effect", "low", "high", "verdict"),
]
# What single claims are about, by the column that tells it.
_CASES = ("shift", "design", "transfer", "variants", "model")


def verdict(low: float, high: float, border: float, *, above: bool = True) -> str:
    """Return whether a quantity lies above a border, or below it, as far as its interval tells.

    Parameters
    ----------
    low, high
        The ends of the interval, NaN where none could be made, which leaves the claim undecided.
    border
        The border, which itself counts as above and as below.
    above
        Whether the claim is that the quantity lies above.
    """
    if np.isnan(low) or np.isnan(high):
        return UNDECIDED
    if not above:
        low, high, border = -high, -low, -border
    return HOLDS if low >= border else DOES_NOT_HOLD if high < border else UNDECIDED


def verdict_without_interval(effect: float, border: float, *, above: bool = True) -> str:
    """Return whether a quantity lies above a border, or below it; the border itself counts as both."""
    return verdict(effect, effect, border, above=above)


def verdict_on_coverage(low: float, high: float, nominal: float) -> str:
    """Return whether intervals cover at least their nominal level less `COVERAGE_TOLERANCE`.

    Without a tolerance no intervals that are right would ever be shown to be so: they cover as much as they say.
    """
    return verdict(low, high, nominal - COVERAGE_TOLERANCE)


def covering(nominal: float) -> str:
    """Return what is said of intervals by `verdict_on_coverage`, in words."""
    return f"cover at least {100 * (nominal - COVERAGE_TOLERANCE):g} %"


def count_verdicts(claims: pd.DataFrame) -> str:
    """Return how many claims hold, do not hold and are undecided, in words."""
    counts = claims["verdict"].value_counts()
    parts = [f"{counts.get(word, 0)} {word}" for word in (HOLDS, DOES_NOT_HOLD, UNDECIDED)]
    return f"of {len(claims)} claims: {', '.join(parts)}"


def collect_claims(tables: Iterable[tuple[Mapping[str, str], pd.DataFrame]]) -> pd.DataFrame:
    """Return all claims of a run in one table with the columns in `COLUMNS`.

    Parameters
    ----------
    tables
        The labels of each table, such as `dataset`, `teacher` and `topic`, and the table. What its claims are about,
        such as a shift, becomes the column `case`.
    """
    collected = []
    for labels, table in tables:
        named = table.assign(**labels)
        cases = [name for name in _CASES if name in named]
        named["case"] = named[cases[0]] if cases else ""
        collected.append(named.reindex(columns=COLUMNS))
    known = [table for table in collected if len(table)]
    if not known:
        return pd.DataFrame(columns=COLUMNS)
    claims = pd.concat(known, ignore_index=True)
    names = ["dataset", "teacher", "student", "topic", "case", "target", "quantity"]
    return claims.fillna(dict.fromkeys(names, ""))
