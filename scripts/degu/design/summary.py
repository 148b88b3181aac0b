"""What designs promise and do after the last step, in words."""

import pandas as pd

from degu.design.kept import BOUND, LEVEL

COLUMNS = ["design", "target", "judge", "step", "promised", "achieved", "overestimate", "verdict"]
_WORDS = {
    "truth": "the truth",
    "reference_ensemble": "the reference ensemble",
    "own_ensemble": "the teacher's own ensemble, which is no independent judge of its designs",
}


def tell_designs(table: pd.DataFrame) -> pd.DataFrame:
    """Return for each design and judge how much is promised and achieved after the last step, and a sentence on it.

    Parameters
    ----------
    table
        The table of designs that `degu.design.assessment.assess_designs` returns.

    Returns
    -------
    Table with the columns in `COLUMNS`
    """
    last = table[table["step"] == table["step"].max()]
    start = table[table["step"] == 0].set_index(["design", "judge"])
    told = last.assign(
        verdict=[_verdict(pd.Series(row._asdict()), start.loc[(row.design, row.judge)]) for row in last.itertuples()]
    )
    return told[COLUMNS].replace({"judge": _WORDS}).reset_index(drop=True)


def _verdict(row: pd.Series, start: pd.Series) -> str:
    """Return whether a design does what is promised of it, and how often it reaches its lower bound."""
    if row["overestimate_low"] > 0:
        words = "designs do less than is promised"
    elif row["overestimate_high"] < 0:
        words = "designs do more than is promised"
    else:
        words = "designs do on average what is promised, as far as can be told"
    kept, before = row[f"kept_{BOUND}"], start[f"kept_{BOUND}"]
    if pd.isna(kept):
        return f"{words}; the designer has no standard deviation"
    return f"{words}; {kept:.0%} reach the {LEVEL:.0%} lower bound, and {before:.0%} of the starting sequences do"
