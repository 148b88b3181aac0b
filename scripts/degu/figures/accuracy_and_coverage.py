"""Accuracy of all methods beside the coverage of their intervals.

The poster shows this trade-off in its section "Calibrating uncertainty estimates".
"""

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

from degu.figures import looks, rows, style

LEVEL = 0.95
WIDTH = 3.2


def draw(scores: pd.DataFrame, title: str) -> Figure:
    """Draw two panels for each target, with one row for each method and kind of model.

    The left one shows the Pearson correlation with the measured activity, the right one the coverage of 95 % intervals.
    Small points are single models, large ones means over seeds; those that would take most of an axis are arrows at its
    end. A prediction of an ensemble, which is drawn open, needs one forward pass for each member.

    Parameters
    ----------
    scores
        The table of scores of `degu.uncertainty.assessment`, with the column `method`.
    title
        The title of the figure.
    """
    accuracy, coverage = _values(scores, "", "pearson"), _values(scores, "total", "coverage")
    # Each column of panels: its values, the ends of its axis, and its words.
    columns = (
        (accuracy, _ends(accuracy), "Pearson correlation\nwith measured activity"),
        (
            coverage,
            _ends(coverage, (LEVEL, 1.0)),
            f"coverage of {100 * LEVEL:g} % intervals,\ntotal uncertainty",
        ),
    )
    styles = looks.method_styles(scores["method"])
    targets = list(dict.fromkeys(scores["target"]))
    kinds = list(dict.fromkeys(zip(scores["method"], scores["model"], strict=True)))
    height = rows.HEIGHT * len(kinds) + 0.8
    figure, axes = style.panels(len(targets), 2, sharex="col", sharey=True, panel=(WIDTH, height))
    for target, panels in zip(targets, axes, strict=True):
        for panel, (values, limits, words) in zip(panels, columns, strict=True):
            own = values[values["target"] == target]
            for place, (method, model) in enumerate(kinds):
                chosen = own.loc[(own["method"] == method) & (own["model"] == model), "value"]
                rows.plot_points(panel, chosen, place, styles[method], limits=limits, filled=model != "ensemble")
            rows.label_rows(panel, [f"{looks.label(method)}, {model}" for method, model in kinds])
            style.set_panel_title(panel, target)
            panel.set(xlabel=words, xlim=limits)
            panel.tick_params(labelbottom=True)
        panels[0].set_ylabel("method, model")
        panels[1].axvline(LEVEL, color="black", linewidth=0.6, linestyle="--")
    style.set_title(figure, title)
    return figure


def _values(scores: pd.DataFrame, uncertainty: str, metric: str) -> pd.DataFrame:
    """Return the rows of one metric without recalibration."""
    scores = scores.fillna({"uncertainty": "", "recalibration": ""})
    chosen = scores[(scores["uncertainty"] == uncertainty) & (scores["metric"] == metric)]
    return chosen[chosen["recalibration"].isin(["", "none"])]


def _ends(values: pd.DataFrame, shown: Sequence[float] = ()) -> tuple[float, float]:
    """Return the ends of the axis of a column of panels, as `degu.figures.rows.ends_of_axis` does."""
    return rows.ends_of_axis((own for _, own in values.groupby(["target", "method", "model"])["value"]), shown)
