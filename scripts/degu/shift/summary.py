"""One table of a teacher's ensemble and students on shifted sequences, and the claims of the paper about them."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats

from degu.evaluation.claims import DOES_NOT_HOLD, HOLDS, verdict
from degu.shift.assessment import CIRCULAR, REFERENCE, TRUTH

KEYS = ["target", "shift", "rung", "level", "method", "model"]
CLAIM_COLUMNS = ["target", "student", "shift", "claim", "quantity", "effect", "low", "high", "verdict"]
# Columns of the summary, and the uncertainty, recalibration and metric of the scores that each holds; the reference is
# the best one, or the measurements.
COLUMNS = {
    "mse": ("", "", "mse"),
    "normalized_mse": ("", "", "normalized_mse"),
    "pearson": ("", "", "pearson"),
    "spearman": ("", "", "spearman"),
    "epistemic_std": ("epistemic", "", "mean_std"),
    "total_std": ("total", "", "mean_std"),
    "auroc_of_shift": ("epistemic", "", "auroc_of_shift"),
    "auroc_of_large_errors": ("epistemic", "", "auroc_of_large_errors"),
    "risk_coverage_area": ("epistemic", "", "risk_coverage_area"),
    "coverage_95": ("total", "none", "coverage"),
    "coverage_95_scaled": ("total", "std_scaling", "coverage"),
}
_WORDS = {TRUTH: "against the truth", REFERENCE: "against the reference ensemble"}


def summarize_shifts(scores: pd.DataFrame) -> pd.DataFrame:
    """Return means over seeds, with one row for each target, rung, method and model.

    Parameters
    ----------
    scores
        Scores of `degu.shift.assessment`, with the column `method` of `degu.uncertainty.summary.read_methods`.

    Returns
    -------
    Table with the columns in `KEYS`, `reference` (what errors are measured against), `seeds`, the columns in `COLUMNS`
    that the models have, and `mse_as_published`, the error against the ensemble itself
    """
    scores = scores.fillna({"uncertainty": "", "recalibration": "", "reference": ""})
    best = reference_of(scores)
    errors = scores[scores["metric"].isin(["mse", "normalized_mse", "pearson", "spearman"])]
    others = scores.drop(errors.index)
    chosen = pd.concat([errors[errors["reference"] == best], others])
    means = chosen.groupby([*KEYS, "uncertainty", "recalibration", "metric"])["value"].mean()
    wide = means.unstack(["uncertainty", "recalibration", "metric"])
    summary = pd.DataFrame({name: wide[key] for name, key in COLUMNS.items() if key in wide})
    circular = errors[(errors["reference"] == CIRCULAR) & (errors["metric"] == "mse")]
    summary["mse_as_published"] = circular.groupby(KEYS)["value"].mean()
    summary.insert(0, "seeds", scores.groupby(KEYS)["seed"].nunique())
    summary.insert(0, "reference", best)
    return summary.rename_axis(columns=None).reset_index()


def reference_of(scores: pd.DataFrame) -> str:
    """Return the best reference of errors in a table: the truth, else a reference ensemble."""
    known = set(scores["reference"])
    return next(name for name in (TRUTH, REFERENCE, CIRCULAR) if name in known)


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
    scores = scores.fillna({"uncertainty": "", "recalibration": "", "reference": ""})
    best = reference_of(scores)
    last = comparisons[comparisons["rung"] == comparisons.groupby("shift")["rung"].transform("max")]
    rows = []
    for (target, student, shift), own in last.groupby(["target", "method", "shift"], sort=False):
        labels = {"target": target, "student": student, "shift": shift}
        mine = _of(scores, target, student, shift)
        found = [
            *_errors(own, best),
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
                "verdict": verdict(ratio, low, high, 1.0, above=False),
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
            "verdict": verdict(effect, low, high, 0.0),
        }
    std = epistemic[epistemic["metric"] == "mean_std"].groupby("rung")["value"].mean()
    error = scores[(scores["metric"] == "mse") & (scores["reference"] == best)].groupby("rung")["value"].mean()
    if len(std) > 2:
        tau = float(stats.kendalltau(std, error.loc[std.index]).statistic)
        yield {
            "claim": "epistemic std rises where the error does",
            "quantity": "Kendall tau over the rungs",
            "effect": tau,
            "verdict": verdict(tau, np.nan, np.nan, 0.0),
        }


def _coverage(intervals: pd.DataFrame) -> Iterator[dict]:
    """Yield whether conformal intervals keep their level at the largest shift, unless it is shown that they do not."""
    if not len(intervals):
        return
    last = intervals[intervals["rung"] == intervals["rung"].max()]
    for name in ("split", "normalized_total", "weighted"):
        own = last[last["conformal"] == name]
        if len(own):
            value, nominal = own["coverage"].mean(), own["nominal"].iloc[0]
            n = int(own["sequences"].iloc[0])
            low, high = stats.binom.interval(0.95, n, value) if 0 < value < 1 else (n * value, n * value)
            yield {
                "claim": f"{100 * nominal:g} % intervals of the method {name} cover as much at the largest shift",
                "quantity": "coverage",
                **{"effect": value, "low": low / n, "high": high / n},
                "verdict": DOES_NOT_HOLD if high / n < nominal else HOLDS,
            }
