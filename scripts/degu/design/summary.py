"""Claims about designs after the last step: whether they do what is promised, and whether some do more than others."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from degu.design.kept import BOUND, LEVEL
from degu.evaluation.claims import verdict
from degu.shift.references import best_reference

CLAIM_COLUMNS = ["target", "design", "claim", "quantity", "effect", "low", "high", "verdict"]


def check_design_claims(table: pd.DataFrame, comparisons: pd.DataFrame) -> pd.DataFrame:
    """Return what is said of designs after the last step, with whether it holds by the best judge.

    Parameters
    ----------
    table, comparisons
        Tables that `degu.design.assessment.assess_designs` returns.

    Returns
    -------
    Table with the columns in `CLAIM_COLUMNS`, as `degu.evaluation.claims` tells
    """
    # The teacher's own ensemble, which is no independent judge, is the last choice.
    judge, last = best_reference(table["judge"]), table["step"].max()
    own, others = (frame[(frame["step"] == last) & (frame["judge"] == judge)] for frame in (table, comparisons))
    claims = [
        {"target": row["target"], "design": row["design"], **claim}
        for row in own.to_dict("records")
        for claim in _promises(row)
    ]
    compared = (_comparison(row) for row in others.to_dict("records") if row["quantity"] == "achieved")
    return pd.DataFrame([*claims, *compared], columns=CLAIM_COLUMNS)


def _promises(row: dict) -> Iterator[dict]:
    """Yield whether designs do on average what is promised, and whether enough of them reach their lower bound."""
    effect, low, high = (row[f"overestimate{end}"] for end in ("", "_low", "_high"))
    yield {
        "claim": f"designs do what is promised after {row['step']} steps",
        "quantity": "promised less done, mean",
        **{"effect": effect, "low": low, "high": high},
        "verdict": verdict(low, high, 0.0, above=False),
    }
    kept, low, high = (row[f"kept_{BOUND}{end}"] for end in ("", "_low", "_high"))
    if not np.isnan(kept):
        yield {
            "claim": f"{LEVEL:.0%} of designs reach their {LEVEL:.0%} lower bound after {row['step']} steps",
            "quantity": "share of designs",
            **{"effect": kept, "low": low, "high": high},
            "verdict": verdict(low, high, LEVEL),
        }


def _comparison(row: dict) -> dict:
    return {
        "target": row["target"],
        "design": row["design"],
        "claim": f"designs do at least as much as those of {row['against']} after {row['step']} steps",
        "quantity": "difference of means",
        **{"effect": row["difference"], "low": row["low"], "high": row["high"]},
        "verdict": verdict(row["low"], row["high"], 0.0),
    }
