"""Test accuracy in one table: mean and spread over seeds."""

from collections.abc import Mapping

import pandas as pd

from degu.outputs.heads import HEADS

KEYS = ["dataset", "target", "fraction", "head", "reference", "teacher", "student", "model"]
# Values of these columns come in this order, others after them; all other columns are sorted as they are.
_ORDER = {
    "head": HEADS,
    "reference": ("measured", "truth", "ensemble"),
    "model": ("kmer_ridge", "member", "ensemble", "student"),
}
_STYLE = """<style>
body { font-family: sans-serif; font-size: 90%; }
table { border-collapse: collapse; }
th, td { padding: 0.2em 0.7em; text-align: left; border-bottom: 1px solid #ddd; }
td { font-variant-numeric: tabular-nums; }
</style>
"""


def summarize(scores: pd.DataFrame) -> pd.DataFrame:
    """Return, for each model and head on the test split, mean and std over seeds of each metric.

    Parameters
    ----------
    scores
        Tidy scores with the columns of `degu.evaluation.accuracy.COLUMNS`.

    Returns
    -------
    The columns of `KEYS`, `seeds`, and for mse, pearson and spearman the mean and (ddof=1) `_std`
    """
    test = scores[scores["split"] == "test"].astype({"teacher": object, "student": object})
    test = test.fillna({"teacher": "", "student": ""})
    grouped = test.groupby([*KEYS, "metric"])["value"]
    table = grouped.agg(mean="mean", std="std", seeds="size").unstack("metric")
    summary = table["mean"].join(table["std"].add_suffix("_std"))
    summary.insert(0, "seeds", table["seeds"].max(axis=1).astype(int))
    # A name of the columns would be a column more on the page.
    summary = summary.reset_index().rename_axis(columns=None)
    summary = summary.sort_values(
        ["dataset", "target", "head", "reference", "teacher", "fraction", "model", "student"], key=_rank
    )
    columns = [name for metric in ("pearson", "spearman", "mse") for name in (metric, f"{metric}_std")]
    return summary[[*KEYS, "seeds", *columns]].reset_index(drop=True)


def _rank(column: pd.Series) -> pd.Series:
    """Return what a column is sorted by."""
    order = _ORDER.get(column.name)
    return column if order is None else column.map({value: rank for rank, value in enumerate(order)})


def to_html(summary: pd.DataFrame) -> str:
    """Return the table as a page of its own."""
    return page("Test accuracy", {"": summary})


def page(title: str, tables: Mapping[str, pd.DataFrame]) -> str:
    """Return an HTML page of tables, each under its heading."""
    parts = []
    for heading, table in tables.items():
        body = table.to_html(index=False, float_format="%.3f", na_rep="", border=0)
        parts.append(f"<h2>{heading}</h2>\n{body}" if heading else body)
    body = "\n".join(parts)
    return f"<!doctype html>\n<meta charset='utf-8'>\n<title>{title}</title>\n{_STYLE}{body}\n"
