"""Accuracy of all methods against the coverage of their intervals.

The poster shows this trade-off in its section "Calibrating uncertainty estimates".
"""

import pandas as pd
from matplotlib.figure import Figure

from degu.figures import style

# Filled symbols need one forward pass for a prediction. An ensemble needs one for each member, and is drawn open.
FILLED = {"member": "full", "student": "full", "ensemble": "none"}
WORDS = {"member": "one model", "student": "one student", "ensemble": "ensemble"}


def draw(scores: pd.DataFrame, title: str) -> Figure:
    """Draw one panel for each target: Pearson correlation with measured activity against coverage of 95 % intervals.

    Small points are single models, large points are means over seeds.

    Parameters
    ----------
    scores
        The table of scores of `degu.uncertainty.assessment`, with the column `method`.
    title
        The title of the figure.
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
            look, filled = styles[str(method)], FILLED[str(model)]
            panel.plot(
                points["coverage"],
                points["accuracy"],
                linestyle="",
                fillstyle=filled,
                alpha=0.35,
                markersize=3,
                **look,
            )
            mean = points[["coverage", "accuracy"]].mean()
            text = f"{method}, {WORDS[str(model)]}"
            panel.plot(
                mean["coverage"], mean["accuracy"], linestyle="", fillstyle=filled, markersize=7, label=text, **look
            )
        panel.axvline(0.95, color="black", linewidth=0.6, linestyle="--")
        panel.set(title=target, xlabel="coverage of 95 % intervals, total uncertainty")
    next(iter(panels.values())).set_ylabel("Pearson correlation with measured")
    style.legend_at_the_right(figure, next(iter(panels.values())))
    style.set_title(figure, title)
    return figure


def _values(scores: pd.DataFrame, uncertainty: str, metric: str) -> pd.Series:
    """Return the values of one metric without recalibration, by target, method, model and seed."""
    scores = scores.fillna({"uncertainty": "", "recalibration": ""})
    rows = scores[(scores["uncertainty"] == uncertainty) & (scores["metric"] == metric)]
    rows = rows[rows["recalibration"].isin(["", "none"])]
    return rows.set_index(["target", "method", "model", "seed"])["value"]
