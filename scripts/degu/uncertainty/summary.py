"""One table of all methods a reviewer could read, and which claims of the paper hold in it."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from degu.formats.tables import read_tables

KEYS = ["target", "method", "model"]
# Columns of the summary: what of the scores each holds, (uncertainty, recalibration, metric).
COLUMNS = {
    "pearson": ("", "", "pearson"),
    "mse": ("", "", "mse"),
    "coverage_95": ("total", "none", "coverage"),
    "width_95": ("total", "none", "interval_width"),
    "miscalibration_area": ("total", "none", "miscalibration_area"),
    "coverage_95_scaled": ("total", "std_scaling", "coverage"),
    "width_95_scaled": ("total", "std_scaling", "interval_width"),
    "ence": ("total", "none", "expected_normalized_calibration_error"),
    "nll": ("total", "none", "negative_log_likelihood"),
    "crps": ("total", "none", "crps"),
    "sharpness": ("total", "none", "sharpness"),
    "sparsification_error": ("total", "none", "sparsification_error"),
    "error_correlation": ("total", "none", "error_correlation"),
}
# A student keeps the coverage of its ensemble if it is this close to it.
COVERAGE_TOLERANCE = 0.05


def read_methods(paths: Iterable[str | Path]) -> pd.DataFrame:
    """Read tables of assessments, with a column `method`: the student, the baseline, or the teacher."""
    table = read_tables(paths)
    student = table["student"].fillna("")
    method = student.where(student != "", table["teacher"].map(method_of))
    return table.assign(student=student, method=method)


def method_of(teacher: str) -> str:
    """Return what a teacher is called among the methods: a baseline by its own name."""
    name, _, baseline = teacher.partition("-")
    return baseline or name


def summarize_uncertainty(
    scores: pd.DataFrame, conformal: pd.DataFrame, *, passes: Mapping[str, int], level: float
) -> pd.DataFrame:
    """Return a row a target, method and model: means over seeds.

    Parameters
    ----------
    scores, conformal
        Tables of `degu.uncertainty.assessment`, of a teacher's ensemble, baselines and students.
    passes
        Forward passes of one member's prediction, by the name of its ensemble.
    level
        Of the conformal intervals shown.

    Returns
    -------
    The columns of `KEYS`, `seeds`, `forward_passes`, those of `COLUMNS`, `pearson_std` and `coverage_95_std` (ddof=1
    over seeds), and `conformal`, `conformal_coverage`, `conformal_width`: the narrowest of the split and normalised
    methods
    """
    scores = scores.fillna({"uncertainty": "", "recalibration": ""})
    grouped = scores.groupby([*KEYS, "uncertainty", "recalibration", "metric"])["value"]
    means, stds = (
        getattr(grouped, name)().unstack(["uncertainty", "recalibration", "metric"]) for name in ("mean", "std")
    )
    summary = pd.DataFrame({name: means[key] for name, key in COLUMNS.items() if key in means})
    for name in ("pearson", "coverage_95"):
        if COLUMNS[name] in stds:
            summary[f"{name}_std"] = stds[COLUMNS[name]]
    summary.insert(0, "seeds", scores.groupby(KEYS)["seed"].nunique())
    members = scores[scores["model"] == "member"].groupby("teacher")["seed"].nunique()
    costs = [_forward_passes(*row, passes, members) for row in scores[["teacher", "model"]].itertuples(index=False)]
    summary.insert(1, "forward_passes", scores.assign(cost=costs).groupby(KEYS)["cost"].first())
    summary = summary.join(_conformal(conformal, level)).reset_index()
    order = {name: index for index, name in enumerate(scores["method"].unique())}
    return summary.sort_values(["target", "method", "model"], key=lambda column: column.map(order).fillna(0))


def _forward_passes(teacher: str, model: str, passes: Mapping[str, int], members: pd.Series) -> int:
    """Return the forward passes of one prediction."""
    if model == "student":
        return 1
    return passes[teacher] * int(members[teacher]) if model == "ensemble" else passes[teacher]


def _conformal(conformal: pd.DataFrame, level: float) -> pd.DataFrame:
    chosen = conformal[
        (conformal["population"] == "test")
        & np.isclose(conformal["level"], level)
        & conformal["conformal"].str.contains("^split$|^normalized")
    ]
    means = chosen.groupby([*KEYS, "conformal"])[["coverage", "width"]].mean().reset_index()
    best = means.loc[means.groupby(KEYS)["width"].idxmin()].set_index(KEYS)
    return best.rename(columns={"coverage": "conformal_coverage", "width": "conformal_width"})


def check_claims(summary: pd.DataFrame, scores: pd.DataFrame, heads: pd.DataFrame, teacher: str) -> pd.DataFrame:
    """Return whether the paper's claims hold, one a row.

    Parameters
    ----------
    summary
        Of `summarize_uncertainty`.
    scores
        Table of `degu.uncertainty.assessment`.
    heads
        Tidy scores of the heads, as `degu.evaluation.accuracy` makes them, at the same training fraction.
    teacher
        Whose students these are.

    Returns
    -------
    `target`, `student`, `claim`, `value`, `compared_with`, `reference` and `holds`
    """
    table = summary.set_index(KEYS)
    teacher = method_of(teacher)
    students = summary[summary["model"] == "student"]
    rows = []
    for target, student in students[["target", "method"]].itertuples(index=False):
        own = table.loc[(target, student, "student")]
        claims = [
            *_accuracy_and_coverage(own, table, target, teacher),
            *_total_against_parts(scores[(scores["target"] == target) & (scores["method"] == student)]),
            *_heads(heads[(heads["target"] == target) & (heads["student"] == student)]),
            *_against_baselines(own, table, target, teacher),
        ]
        rows += [{"target": target, "student": student, **claim} for claim in claims]
    return pd.DataFrame(rows, columns=["target", "student", "claim", "value", "compared_with", "reference", "holds"])


def _claim(claim: str, value: float, compared_with: str, reference: float, holds: bool) -> dict:
    return {
        "claim": claim,
        "value": value,
        "compared_with": compared_with,
        "reference": reference,
        "holds": bool(holds),
    }


def _accuracy_and_coverage(own: pd.Series, table: pd.DataFrame, target: str, teacher: str) -> Iterator[dict]:
    member, ensemble = (table.loc[(target, teacher, model)] for model in ("member", "ensemble"))
    for other, name in ((member, "members"), (ensemble, "ensemble")):
        holds = own["pearson"] >= other["pearson"]
        yield _claim(
            f"student at least as accurate as its {name}", own["pearson"], "Pearson r", other["pearson"], holds
        )
    holds = abs(own["coverage_95"] - ensemble["coverage_95"]) <= COVERAGE_TOLERANCE
    text = f"student keeps its ensemble's coverage to {COVERAGE_TOLERANCE:g}"
    yield _claim(text, own["coverage_95"], "95 % intervals", ensemble["coverage_95"], holds)


def _total_against_parts(scores: pd.DataFrame) -> Iterator[dict]:
    chosen = scores[(scores["recalibration"] == "none") & (scores["metric"] == "miscalibration_area")]
    area = chosen.groupby("uncertainty")["value"].mean()
    for part in ("aleatoric", "epistemic"):
        if part in area and len(area) == 3:
            text = f"total uncertainty better calibrated than {part}"
            yield _claim(text, area["total"], "miscalibration area", area[part], area["total"] < area[part])


def _heads(heads: pd.DataFrame) -> Iterator[dict]:
    chosen = heads[(heads["split"] == "test") & (heads["metric"] == "pearson")]
    means = chosen.groupby(["head", "reference"])["value"].mean()
    epistemic, aleatoric = means.get(("epistemic", "ensemble")), means.get(("aleatoric", "measured"))
    if epistemic is not None and aleatoric is not None:
        text = "aleatoric head (r with replicate std) harder than epistemic (r with ensemble std)"
        yield _claim(text, aleatoric, "Pearson r", epistemic, aleatoric < epistemic)


def _against_baselines(own: pd.Series, table: pd.DataFrame, target: str, teacher: str) -> Iterator[dict]:
    """Yield whether the student is both more accurate and better calibrated than each baseline of one model."""
    for (of_target, method, model), other in table.iterrows():
        if of_target != target or model != "member" or method == teacher or pd.isna(other["miscalibration_area"]):
            continue
        holds = own["pearson"] >= other["pearson"]
        yield _claim(f"student at least as accurate as {method}", own["pearson"], "Pearson r", other["pearson"], holds)
        holds = own["miscalibration_area"] <= other["miscalibration_area"]
        text = f"student at least as well calibrated as {method}"
        yield _claim(text, own["miscalibration_area"], "miscalibration area", other["miscalibration_area"], holds)
