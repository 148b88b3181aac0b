"""The claims of the paper about students under shift, and on the measured sequences of other data sets."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from scipy import stats

from degu.evaluation.claims import (
    DOES_NOT_HOLD,
    HOLDS,
    UNDECIDED,
    covering,
    verdict,
    verdict_on_coverage,
    verdict_without_interval,
)
from degu.shift.judged_methods import judged_methods
from degu.shift.references import CIRCULAR, REFERENCE, TRUTH, best_reference
from degu.shift.transfer_assessment import OTHER, OWN
from degu.shift.transfer_ratios import EPISTEMIC, RMSE
from degu.shift.transfer_summary import direction

_CLAIM = ["claim", "quantity", "effect", "low", "high", "verdict"]
CLAIM_COLUMNS = ["target", "student", "shift", *_CLAIM]
TRANSFER_CLAIM_COLUMNS = ["target", "student", "transfer", *_CLAIM]
# Intervals of which more are infinite are judged no more.
_MOST = 0.1
# The exact test of Kendall's tau over a few rungs decides at this p value.
_SIGNIFICANT = 0.05
_WORDS = {TRUTH: "against the truth", REFERENCE: "against the reference ensemble"}


def check_shift_claims(scores: pd.DataFrame, comparisons: pd.DataFrame, intervals: pd.DataFrame) -> pd.DataFrame:
    """Return what the paper says of students under shift, with whether it holds, and how large the effect is.

    Parameters
    ----------
    scores, comparisons, intervals
        Tables of `degu.shift.assessment` and `degu.shift.comparison`, with the column `method`.

    Returns
    -------
    Table with the columns in `CLAIM_COLUMNS`, as `degu.evaluation.claims` tells
    """
    if not len(comparisons):
        return pd.DataFrame(columns=CLAIM_COLUMNS)
    scores = scores.fillna({"uncertainty": "", "recalibration": "", "reference": ""})
    best = best_reference(scores["reference"])
    last = comparisons[comparisons["rung"] == comparisons.groupby("shift")["rung"].transform("max")]
    rows = []
    for (target, student, shift), own in last.groupby(["target", "method", "shift"], sort=False):
        labels = {"target": target, "student": student, "shift": shift}
        mine = _of(scores, target, student, shift)
        found = [
            *_errors(own, best),
            *_above_the_floor(scores, best, labels),
            *_growth(mine, best),
            *_coverage(_of(intervals, target, student, shift)),
        ]
        rows += [{**labels, **claim} for claim in found]
    return pd.DataFrame(rows, columns=CLAIM_COLUMNS)


def _of(table: pd.DataFrame, target: object, student: object, shift: object) -> pd.DataFrame:
    if not len(table):
        return table
    kinds = table[["target", "method", "shift"]].eq([target, student, shift]).all(axis=1)
    return table[kinds & (table["model"] == "student")]


def _errors(own: pd.DataFrame, best: str) -> Iterator[dict]:
    """Yield whether students err less than members and than their ensemble, by the best reference and as published."""
    words = {best: _WORDS.get(best, "as published"), CIRCULAR: "as published, against its own ensemble"}
    for reference, text in words.items():
        for against, name in (("member", "members"), ("ensemble", "ensemble")):
            row = own[(own["reference"] == reference) & (own["against"] == against)]
            if not len(row):
                continue
            ratio, low, high = row[["ratio", "low", "high"]].iloc[0]
            yield {
                "claim": f"student errs less than its {name} {text}",
                "quantity": "ratio of mean squared errors",
                **{"effect": ratio, "low": low, "high": high},
                "verdict": verdict(low, high, 1.0, above=False),
            }


def _above_the_floor(scores: pd.DataFrame, best: str, labels: Mapping) -> Iterator[dict]:
    """Yield whether students err less than ridge regression on k-mers at the largest shift."""
    chosen = scores[(scores["metric"] == "mse") & (scores["reference"] == best)]
    chosen = chosen[chosen[["target", "shift"]].eq([labels["target"], labels["shift"]]).all(axis=1)]
    last = chosen[chosen["rung"] == chosen["rung"].max()]
    errors = {
        "student": last.loc[(last["model"] == "student") & (last["method"] == labels["student"]), "value"],
        "kmer_ridge": last.loc[last["model"] == "kmer_ridge", "value"],
    }
    if all(len(values) for values in errors.values()):
        ratio = float(errors["student"].mean() / errors["kmer_ridge"].mean())
        yield {
            "claim": f"student errs less than k-mer ridge {_WORDS.get(best, 'as published')}",
            "quantity": "ratio of mean squared errors",
            "effect": ratio,
            "verdict": verdict_without_interval(ratio, 1.0, above=False),
        }


def _growth(scores: pd.DataFrame, best: str) -> Iterator[dict]:
    """Yield whether the epistemic std rises with the shift, and whether it follows the error from rung to rung."""
    epistemic = scores[scores["uncertainty"] == "epistemic"]
    means = epistemic.groupby("metric")["value"].mean()
    if "trend" in means:
        effect, low, high = means[["trend", "trend_low", "trend_high"]]
        yield {
            "claim": "epistemic std rises with the shift",
            "quantity": "mean Kendall tau over sequences",
            **{"effect": effect, "low": low, "high": high},
            "verdict": verdict(low, high, 0.0),
        }
    std = epistemic[epistemic["metric"] == "mean_std"].groupby("rung")["value"].mean()
    error = scores[(scores["metric"] == "mse") & (scores["reference"] == best)].groupby("rung")["value"].mean()
    if len(std) > 2:
        found = stats.kendalltau(std, error.loc[std.index])
        decided = verdict_without_interval(found.statistic, 0.0) if found.pvalue < _SIGNIFICANT else UNDECIDED
        yield {
            "claim": f"epistemic std rises where the error does (exact test, p = {found.pvalue:.2g})",
            "quantity": f"Kendall tau over {len(std)} rungs",
            "effect": float(found.statistic),
            "verdict": decided,
        }


def _coverage(intervals: pd.DataFrame) -> Iterator[dict]:
    """Yield whether conformal intervals keep their level at the largest shift."""
    if not len(intervals):
        return
    last = intervals[intervals["rung"] == intervals["rung"].max()]
    for name in judged_methods(last["conformal"]):
        yield _covering(last[last["conformal"] == name], f"intervals of the method {name} at the largest shift")


def _covering(intervals: pd.DataFrame, words: str) -> dict:
    """Return whether the intervals of one method keep their level; those that are mostly infinite say nothing."""
    value, nominal, n = intervals["coverage"].mean(), intervals["nominal"].iloc[0], int(intervals["sequences"].iloc[0])
    low, high = stats.binom.interval(0.95, n, value) if 0 < value < 1 else (n * value, n * value)
    infinite = intervals["infinite"].mean()
    note = f", of which {infinite:.0%} are infinite," if infinite else ""
    return {
        "claim": f"{100 * nominal:g} % {words}{note} {covering(nominal)}",
        "quantity": "coverage",
        **{"effect": value, "low": low / n, "high": high / n},
        "verdict": UNDECIDED if infinite > _MOST else verdict_on_coverage(low / n, high / n, nominal),
    }


def check_transfer_claims(told: pd.DataFrame, intervals: pd.DataFrame) -> pd.DataFrame:
    """Return whether students keep their accuracy and coverage on other data sets, and whether their std knows it.

    Parameters
    ----------
    told
        The table that `degu.shift.transfer_summary.tell_transfers` returns.
    intervals
        Tables of `degu.shift.transfer_assessment` with the columns `transfer` and `method`.

    Returns
    -------
    Table with the columns in `TRANSFER_CLAIM_COLUMNS`, as `degu.evaluation.claims` tells
    """
    own = intervals[(intervals["population"] == OTHER) & (intervals["calibrated_on"] == OWN)]
    own = own[own["model"] == "student"]
    rows = []
    for row in told[told["model"] == "student"].to_dict("records"):
        kinds = {"transfer": row["transfer"], "target": row["target"]}
        chosen = own[own[["transfer", "target", "method"]].eq([*kinds.values(), row["method"]]).all(axis=1)]
        found = [
            *_changes(row),
            *(
                _covering(chosen[chosen["conformal"] == name], f"intervals of the method {name}")
                for name in judged_methods(chosen["conformal"])[:1]
            ),
        ]
        rows += [{**kinds, "student": row["method"], **claim} for claim in found]
    return pd.DataFrame(rows, columns=TRANSFER_CLAIM_COLUMNS)


def _changes(row: Mapping) -> Iterator[dict]:
    """Yield whether the error is no larger on the other data set, and whether the epistemic std goes its way."""
    error, std = ([row[f"{quantity}_ratio{end}"] for end in ("", "_low", "_high")] for quantity in (RMSE, EPISTEMIC))
    effect, low, high = error
    yield {
        "claim": "the error is no larger on the other data set",
        "quantity": "ratio of root mean squared errors, other by own",
        **{"effect": effect, "low": low, "high": high},
        "verdict": verdict(low, high, 1.0, above=False),
    }
    effect, low, high = std
    if np.isnan(effect):
        return
    ways = direction(*error[1:]), direction(low, high)
    yield {
        "claim": "the epistemic std goes the way of the error",
        "quantity": "ratio of mean epistemic stds, other by own",
        **{"effect": effect, "low": low, "high": high},
        "verdict": UNDECIDED if "" in ways else HOLDS if ways[0] == ways[1] else DOES_NOT_HOLD,
    }
