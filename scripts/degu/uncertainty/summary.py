"""One table of all methods, and the claims of the paper that hold in it."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from degu.evaluation.claims import COVERAGE_TOLERANCE, verdict, verdict_without_interval
from degu.formats.tables import read_tables

KEYS = ["target", "method", "model"]
CLAIM_COLUMNS = [
    "target",
    "student",
    "claim",
    "quantity",
    "value",
    "compared_value",
    "effect",
    "low",
    "high",
    "verdict",
]
# Columns of the summary, and the uncertainty, recalibration and metric of the scores that each holds.
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
# Rows of the summary by target, method and model.
Methods = Mapping[tuple[str, str, str], pd.Series]


def read_methods(paths: Iterable[str | Path]) -> pd.DataFrame:
    """Read tables of assessments, and add the column `method`: the name of the student, the baseline or the teacher.

    Without a path the table is empty.
    """
    table = read_tables(paths)
    if not len(table.columns):
        return table
    student = table["student"].fillna("")
    method = student.where(student != "", table["teacher"].map(method_of))
    return table.assign(student=student, method=method)


def method_of(teacher: str) -> str:
    """Return the name of a teacher among the methods, which for a baseline is the baseline's own name."""
    name, _, baseline = teacher.partition("-")
    return baseline or name


def summarize_uncertainty(
    scores: pd.DataFrame, conformal: pd.DataFrame, *, passes: Mapping[str, int], level: float
) -> pd.DataFrame:
    """Return means over seeds, with one row for each target, method and model.

    Parameters
    ----------
    scores, conformal
        Tables of `degu.uncertainty.assessment` for a teacher's ensemble, baselines and students.
    passes
        Number of forward passes for a prediction of one member, by the name of its ensemble.
    level
        Nominal coverage of the conformal intervals that are shown.

    Returns
    -------
    Table with the columns in `KEYS`, `seeds`, `forward_passes`, the columns in `COLUMNS`, the standard deviations over
    seeds `pearson_std` and `coverage_95_std` (ddof=1), and `conformal`, `conformal_coverage` and `conformal_width` of
    the method with the narrowest intervals among the split and normalised ones
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
    models = zip(scores["teacher"], scores["model"], strict=True)
    costs = [_forward_passes(teacher, model, passes, members) for teacher, model in models]
    summary.insert(1, "forward_passes", scores.assign(cost=costs).groupby(KEYS)["cost"].first())
    summary = summary.join(_conformal(conformal, level)).reset_index()
    order = {name: index for index, name in enumerate(scores["method"].unique())}
    return summary.sort_values(["target", "method", "model"], key=lambda column: column.map(order).fillna(0))


def _forward_passes(teacher: str, model: str, passes: Mapping[str, int], members: pd.Series) -> int:
    """Return the number of forward passes for one prediction."""
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


def check_claims(
    summary: pd.DataFrame, scores: pd.DataFrame, performance: pd.DataFrame, differences: pd.DataFrame, teacher: str
) -> pd.DataFrame:
    """Return whether the paper's claims hold, and whether networks are above the floor, with one claim in each row.

    Parameters
    ----------
    summary
        Table that `summarize_uncertainty` returns.
    scores
        Scores of `degu.uncertainty.assessment`.
    performance
        Tidy scores of the data set from `degu.evaluation.accuracy`, at the same training fraction.
    differences
        Tables of `degu.evaluation.differences` with the column `student`: intervals of the claims about accuracy.
    teacher
        Name of the students' teacher.

    Returns
    -------
    Table with the columns in `CLAIM_COLUMNS`: `effect` is `value` less `compared_value`, and the rest is as
    `degu.evaluation.claims` tells
    """
    methods = {(row["target"], row["method"], row["model"]): row for _, row in summary.iterrows()}
    tests = performance[(performance["split"] == "test") & (performance["metric"] == "pearson")]
    heads, ridge = tests[tests["teacher"] == teacher], tests[tests["model"] == "kmer_ridge"]
    teacher = method_of(teacher)
    rows = []
    for (target, student, model), own in methods.items():
        if model != "student":
            continue
        mine = differences[(differences["target"] == target) & (differences["student"] == student)]
        claims = [
            *_accuracy(own, methods, (target, teacher), mine[mine["reference"] == "measured"]),
            _coverage(own, methods[target, teacher, "ensemble"]),
            *_above_the_floor(own, methods[target, teacher, "ensemble"], ridge[ridge["target"] == target]),
            *_total_against_parts(scores[(scores["target"] == target) & (scores["method"] == student)]),
            *_heads(heads[(heads["target"] == target) & (heads["student"] == student)]),
            *_against_baselines(own, methods, target, teacher),
        ]
        rows += [{"target": target, "student": student, **claim} for claim in claims]
    return pd.DataFrame(rows, columns=CLAIM_COLUMNS)


def _claim(
    claim: str,
    value: float,
    quantity: str,
    compared_value: float,
    *,
    more: bool = True,
    interval: tuple[float, float] | None = None,
) -> dict:
    """Return a claim that a value is at least another one, or at most; it may be of a kind without intervals."""
    effect = value - compared_value
    low, high = interval or (np.nan, np.nan)
    decided = verdict(low, high, 0.0, above=more) if interval else verdict_without_interval(effect, 0.0, above=more)
    return {
        "claim": claim,
        "quantity": quantity,
        "value": value,
        "compared_value": compared_value,
        "effect": effect,
        "low": low,
        "high": high,
        "verdict": decided,
    }


def _accuracy(own: pd.Series, methods: Methods, place: tuple[str, str], differences: pd.DataFrame) -> Iterator[dict]:
    """Yield whether a student is as accurate as the members and the ensemble of a target and teacher."""
    intervals = {row["against"]: (row["low"], row["high"]) for row in differences.to_dict("records")}
    for other, name in (("member", "members"), ("ensemble", "ensemble")):
        yield _claim(
            f"student at least as accurate as its {name}",
            own["pearson"],
            "Pearson r",
            methods[(*place, other)]["pearson"],
            interval=intervals.get(other),
        )


def _coverage(own: pd.Series, ensemble: pd.Series) -> dict:
    text = f"student keeps its ensemble's coverage to {COVERAGE_TOLERANCE:g}"
    claim = _claim(text, own["coverage_95"], "95 % intervals", ensemble["coverage_95"])
    return {**claim, "verdict": verdict_without_interval(abs(claim["effect"]), COVERAGE_TOLERANCE, above=False)}


def _above_the_floor(own: pd.Series, ensemble: pd.Series, ridge: pd.DataFrame) -> Iterator[dict]:
    """Yield whether networks are as accurate as ridge regression on k-mers, which takes seconds to fit."""
    for floor in ridge.loc[ridge["reference"] == "measured", "value"]:
        for model, name in ((own, "student"), (ensemble, "ensemble")):
            yield _claim(f"{name} at least as accurate as k-mer ridge", model["pearson"], "Pearson r", floor)


def _total_against_parts(scores: pd.DataFrame) -> Iterator[dict]:
    chosen = scores[(scores["recalibration"] == "none") & (scores["metric"] == "miscalibration_area")]
    area = chosen.groupby("uncertainty")["value"].mean()
    for part in ("aleatoric", "epistemic"):
        if part in area and len(area) == 3:
            text = f"total uncertainty at least as well calibrated as {part}"
            yield _claim(text, area["total"], "miscalibration area", area[part], more=False)


def _heads(heads: pd.DataFrame) -> Iterator[dict]:
    means = heads.groupby(["head", "reference"])["value"].mean()
    epistemic, aleatoric = means.get(("epistemic", "ensemble")), means.get(("aleatoric", "measured"))
    if epistemic is not None and aleatoric is not None:
        text = "aleatoric head (r with replicate std) at least as hard as epistemic (r with ensemble std)"
        yield _claim(text, aleatoric, "Pearson r", epistemic, more=False)


def _against_baselines(own: pd.Series, methods: Methods, target: str, teacher: str) -> Iterator[dict]:
    """Yield whether the student is as accurate and as well calibrated as one model of each baseline.

    A student costs one forward pass, as one model does. A baseline without a standard deviation of its own is left out.
    """
    for (other_target, method, model), other in methods.items():
        if other_target != target or model != "member" or method == teacher or np.isnan(other["miscalibration_area"]):
            continue
        text = f"student at least as accurate as one model of {method}"
        yield _claim(text, own["pearson"], "Pearson r", other["pearson"])
        text = f"student at least as well calibrated as one model of {method}"
        area, compared = own["miscalibration_area"], other["miscalibration_area"]
        yield _claim(text, area, "miscalibration area", compared, more=False)
