"""The headlines of a run: what a student inherits of its ensemble, in one line a student and target."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

KEYS = ["dataset", "target", "teacher", "student"]
# Columns of the headlines and what they hold: Pearson correlations, but for the last two.
COLUMNS = {
    "kmer_ridge": "accuracy of ridge regression on k-mers",
    "members": "mean accuracy of the members",
    "ensemble": "accuracy of the ensemble",
    "accuracy": "mean accuracy of the students",
    "epistemic": "mean correlation of the epistemic head with the std over members",
    "ceiling": "correlation of a perfect prediction of the expected std over members; NaN if it cannot be told",
    "coverage_95": "fraction of measured values in the students' 95 % intervals before any recalibration",
    "students": "number of students",
}
_NAMES = {"kmer_ridge": "k-mer ridge", "members": "members", "ensemble": "ensemble", "accuracy": "student"}


def headlines(summary: pd.DataFrame, coverage: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each student and target at the highest training fraction of its data set.

    Parameters
    ----------
    summary
        Table that `degu.evaluation.summary.summarize` returns.
    coverage
        How often the 95 % intervals of the students cover, as `degu.uncertainty.columns.read_coverage` returns it.

    Returns
    -------
    Table with the columns in `KEYS` and `COLUMNS`; what is not known is NaN
    """
    rows = []
    for dataset, of_dataset in summary[summary["split"] == "test"].groupby("dataset", sort=False):
        of_dataset = of_dataset[of_dataset["fraction"] == of_dataset["fraction"].max()]
        accuracy = of_dataset[(of_dataset["head"] == "mean") & (of_dataset["reference"] == "measured")]
        epistemic = of_dataset[(of_dataset["head"] == "epistemic") & (of_dataset["reference"] == "ensemble")]
        for student in accuracy[accuracy["model"] == "student"].to_dict("records"):
            same = {"target": student["target"], "teacher": student["teacher"]}
            own = {**same, "student": student["student"]}
            rows.append(
                {key: student[key] for key in KEYS}
                | {
                    "kmer_ridge": _only(accuracy, model="kmer_ridge", target=student["target"]),
                    "members": _only(accuracy, model="member", **same),
                    "ensemble": _only(accuracy, model="ensemble", **same),
                    "accuracy": student["pearson"],
                    "epistemic": _only(epistemic, model="student", **own),
                    "ceiling": _only(epistemic, model="ceiling", **same),
                    "coverage_95": _coverage(coverage, {**own, "dataset": dataset}),
                    "students": student["seeds"],
                }
            )
    return pd.DataFrame(rows, columns=[*KEYS, *COLUMNS])


def sentences(table: pd.DataFrame) -> Iterator[str]:
    """Yield a sentence for each row of headlines, and one for each network that is below k-mer ridge."""
    for row in table.to_dict("records"):
        known = [f"{name} {row[key]:.3f}" for key, name in _NAMES.items() if np.isfinite(row[key])]
        text = (
            f"{row['dataset']}, {row['target']}, {row['student']} of {row['teacher']}: Pearson r of {', '.join(known)}"
        )
        if np.isfinite(row["epistemic"]):
            unknown = "(its ceiling cannot be told from these members)"
            ceiling = f"of at most {row['ceiling']:.2f}" if np.isfinite(row["ceiling"]) else unknown
            text += f"; r of the epistemic head {row['epistemic']:.2f} {ceiling}"
        if np.isfinite(row["coverage_95"]):
            text += f"; 95 % intervals cover {row['coverage_95']:.2f}"
        yield f"{text}."
        for key in ("ensemble", "accuracy"):
            if row[key] < row["kmer_ridge"]:
                yield f"  The {_NAMES[key]} is below k-mer ridge, which takes seconds to fit."


def _only(table: pd.DataFrame, **labels: str) -> float:
    """Return the Pearson correlation of the row with these labels; NaN if there is none."""
    chosen = table[np.logical_and.reduce([table[name] == value for name, value in labels.items()])]
    return float(chosen["pearson"].iloc[0]) if len(chosen) else float("nan")


def _coverage(coverage: pd.DataFrame, labels: dict[str, object]) -> float:
    """Return the mean coverage of the students with these labels; NaN if they have no intervals."""
    chosen = coverage[np.logical_and.reduce([coverage[name] == value for name, value in labels.items()])]
    return float(chosen["value"].mean()) if len(chosen) else float("nan")
