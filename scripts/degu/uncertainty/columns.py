"""Columns of the tables of an assessment, each declared once with its type and its meaning."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from degu.formats.tables import read_tables


class Column(NamedTuple):
    """A column of a table.

    Attributes
    ----------
    kind
        Type of its values.
    meaning
        Meaning of its values, for the documentation.
    """

    kind: type
    meaning: str


# Every table has these columns behind its own.
LABELS = {
    "model": Column(str, "`member`, `ensemble` or `student`"),
    "seed": Column(int, "seed of the model; -1 for an ensemble"),
    "target": Column(str, "name of the target"),
}
TABLES = {
    "scores": {
        "uncertainty": Column(str, "`aleatoric`, `epistemic` or `total`; empty for metrics of accuracy"),
        "recalibration": Column(str, "`none`, `std_scaling` or `isotonic`; empty for metrics of accuracy"),
        "metric": Column(str, "name of the metric"),
        "value": Column(float, "value of the metric"),
    },
    "curves": {
        "x": Column(float, "nominal level, PIT or fraction of rows removed"),
        "y": Column(float, "coverage, width, density or relative error"),
        "curve": Column(str, "`coverage`, `width`, `pit`, `sparsification` or `oracle`"),
        "uncertainty": Column(str, "`aleatoric`, `epistemic` or `total`"),
        "recalibration": Column(str, "`none`, `std_scaling` or `isotonic`"),
    },
    "conformal": {
        "conformal": Column(str, "name of the method; `uncalibrated` for the predicted intervals themselves"),
        "population": Column(str, "`test` for the test rows, `shifted` for test rows drawn again with more GC"),
        "level": Column(float, "nominal coverage"),
        "coverage": Column(float, "fraction of measured values inside their intervals"),
        "width": Column(float, "mean width of the intervals"),
        "median_width": Column(float, "median width of the intervals"),
    },
    "conditional": {
        "bin": Column(int, "index of a bin of test rows, from low to high values of the feature"),
        "low": Column(float, "lowest value of the feature in the bin"),
        "high": Column(float, "highest value of the feature in the bin"),
        "rows": Column(int, "number of rows in the bin"),
        "coverage": Column(float, "fraction of measured values inside their intervals"),
        "width": Column(float, "mean width of the intervals"),
        "conformal": Column(str, "name of the method; `uncalibrated` for the predicted intervals themselves"),
        "level": Column(float, "nominal coverage"),
        "feature": Column(str, "`mean`, `gc` or `total`"),
    },
    # A model adds a column for each kind of uncertainty, and a simulator the columns `truth_mean` and
    # `truth_noise_std`.
    "predictions": {
        "name": Column(str, "name of the sequence"),
        "measured": Column(float, "measured activity"),
        "mean": Column(float, "predicted activity"),
    },
}


def empty_table(name: str) -> pd.DataFrame:
    """Return a table of `TABLES` without rows, whose columns have their types."""
    columns = {**TABLES[name], **LABELS}
    return pd.DataFrame({column: pd.Series(dtype=kind) for column, (kind, _) in columns.items()})


def read_coverage(paths: Sequence[str | Path]) -> pd.DataFrame:
    """Return how often the total 95 % intervals of students cover, before any recalibration.

    Parameters
    ----------
    paths
        Tables of scores of students; there may be none.

    Returns
    -------
    Their rows of coverage, with the columns `dataset`, `teacher` and `student` beside those of a table of scores
    """
    scores = read_tables(paths) if paths else empty_table("scores").assign(dataset="", teacher="", student="")
    kinds = scores[["uncertainty", "recalibration", "metric"]]
    return scores[kinds.eq(["total", "none", "coverage"]).all(axis=1)]
