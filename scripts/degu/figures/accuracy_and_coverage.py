"""Accuracy against coverage of all methods (poster panel P10)."""

import pandas as pd
from matplotlib.figure import Figure

from degu.figures import style

# Ensembles cost one forward pass a member; they are drawn open.
FILLED = {"member": "full", "student": "full", "ensemble": "none"}
WORDS = {"member": "one model", "student": "one student", "ensemble": "ensemble"}


def draw(scores: pd.DataFrame, title: str) -> Figure:
    """Return a panel a target: Pearson correlation with measured activity against the coverage of 95 % intervals.

    Parameters
    ----------
    scores
        Of `degu.uncertainty.assessment`, with the column `method`.
    title
        Of the figure.
    """
    accuracy = _values(scores, "", "pearson").rename("accuracy")
    coverage = _values(scores, "total", "coverage").rename("coverage")
    table = pd.concat([accuracy, coverage], axis=1, join="inner").reset_index()
    styles = style.method_styles(scores["method"])
    figure, panels = style.grid(list(dict.fromkeys(table["target"])), columns=2)
    figure.set_size_inches(5.0 * len(panels) + 0.6, 3.6)
    for target, panel in panels.items():
        own = table[table["target"] == target]
        for (method, model), points in own.groupby(["method", "model"], sort=False):
            options = {"linestyle": "", "fillstyle": FILLED[model], **styles[method]}
            panel.plot(points["coverage"], points["accuracy"], alpha=0.35, markersize=3, **options)
            mean = points[["coverage", "accuracy"]].mean()
            text = f"{method}, {WORDS[model]}"
            panel.plot(mean["coverage"], mean["accuracy"], markersize=7, label=text, **options)
        panel.axvline(0.95, color="black", linewidth=0.6, linestyle="--")
        panel.set(title=target, xlabel="coverage of 95 % intervals, total uncertainty")
    next(iter(panels.values())).set_ylabel("Pearson correlation with measured")
    style.legend_at_the_right(figure, next(iter(panels.values())))
    figure.suptitle(title)
    return figure


def _values(scores: pd.DataFrame, uncertainty: str, metric: str) -> pd.Series:
    scores = scores.fillna({"uncertainty": "", "recalibration": ""})
    rows = scores[(scores["uncertainty"] == uncertainty) & (scores["metric"] == metric)]
    rows = rows[rows["recalibration"].isin(["", "none"])]
    return rows.set_index(["target", "method", "model", "seed"])["value"]
