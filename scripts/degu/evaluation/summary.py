"""Test accuracy in one table: mean and spread over seeds."""

from collections.abc import Hashable, Mapping

import pandas as pd

from degu.evaluation.accuracy import TEST_PARTS
from degu.outputs.heads import HEADS

KEYS = ["dataset", "target", "fraction", "split", "head", "reference", "teacher", "student", "model"]
# Values of these columns are sorted in this order, with other values after them; other columns are sorted by value.
_ORDER: Mapping[Hashable, tuple[str, ...]] = {
    "split": TEST_PARTS,
    "head": HEADS,
    "reference": ("measured", "truth", "ensemble"),
    "model": ("kmer_ridge", "member", "ensemble", "student", "ceiling"),
}
_STYLE = """<style>
body { font-family: sans-serif; font-size: 90%; }
table { border-collapse: collapse; }
th, td { padding: 0.2em 0.7em; text-align: left; border-bottom: 1px solid #ddd; }
td { font-variant-numeric: tabular-nums; }
</style>
"""


def summarize(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the mean and standard deviation over seeds of each metric, for each model and head on the test split.

    Where a data set has negatives, there are further rows for its regions and its negatives alone.

    Parameters
    ----------
    scores
        Tidy scores with the columns of `degu.evaluation.accuracy.COLUMNS`.

    Returns
    -------
    Table with the columns in `KEYS`, `seeds`, and for mse, pearson and spearman the mean, `_std` (ddof=1), and the
    means `_low` and `_high` of the ends of the 95 % bootstrap intervals over groups
    """
    test = scores[scores["split"].isin(TEST_PARTS)].astype({"teacher": object, "student": object})
    test = test.fillna({"teacher": "", "student": ""})
    groups = test.groupby([*KEYS, "metric"])
    values, seeds = groups["value"], groups["value"].size().unstack("metric")
    parts = {"": values.mean(), "_std": values.std(), "_low": groups["low"].mean(), "_high": groups["high"].mean()}
    summary = pd.concat([part.unstack("metric").add_suffix(end) for end, part in parts.items()], axis=1)
    summary.insert(0, "seeds", seeds.max(axis=1).astype(int))
    # A name of the column index would show as one more column on the page.
    summary = summary.reset_index().rename_axis(columns=None)
    summary = summary.sort_values(
        ["dataset", "target", "split", "head", "reference", "teacher", "fraction", "model", "student"], key=_rank
    )
    columns = [name for metric in ("pearson", "spearman", "mse") for name in (metric + end for end in parts)]
    # Scores of labels alone have no squared errors, and these columns are then empty.
    return summary.reindex(columns=[*KEYS, "seeds", *columns]).reset_index(drop=True)


def _rank(column: pd.Series) -> pd.Series:
    """Return the sort keys of a column's values."""
    order = _ORDER.get(column.name)
    return column if order is None else column.map({value: rank for rank, value in enumerate(order)})


def to_html(summary: pd.DataFrame) -> str:
    """Return the table as a page of its own."""
    return page("Test accuracy", {"": summary})


def page(title: str, tables: Mapping[str, pd.DataFrame]) -> str:
    """Return an HTML page of tables, each under its heading."""
    parts = []
    for heading, table in tables.items():
        body = table.to_html(index=False, float_format="{:.3f}".format, na_rep="", border=0)
        parts.append(f"<h2>{heading}</h2>\n{body}" if heading else body)
    body = "\n".join(parts)
    return f"<!doctype html>\n<meta charset='utf-8'>\n<title>{title}</title>\n{_STYLE}{body}\n"
