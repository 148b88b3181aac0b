"""What students inherit of their ensemble against what they cost."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.figures import looks, style

# The columns, the words of the axis, and what the students are compared with.
PANELS = {
    "pearson": ("Pearson correlation\nwith measured activity", {"members": "member", "ensemble": "ensemble"}),
    "epistemic": (
        "Pearson correlation of\nthe epistemic head with\nthe std over members",
        {"ceiling": "ceiling"},
    ),
}


def draw(table: pd.DataFrame, title: str) -> Figure:
    """Draw one row for each target: accuracy and the epistemic head of each student against its cost.

    Parameters
    ----------
    table
        Table that `degu.evaluation.student_costs.compare_students` returns.
    title
        The title of the figure.
    """
    targets = list(table["target"].unique())
    figure, axes = style.panels(len(targets), len(PANELS), sharex=True)
    styles = looks.method_styles(list(table["student"].unique()), known={})
    for target, panels in zip(targets, axes, strict=True):
        own = table[table["target"] == target]
        for (column, (words, lines)), panel in zip(PANELS.items(), panels, strict=True):
            _draw_students(panel, own, column, styles)
            for name, model in lines.items():
                value = own[name].iloc[0]
                if np.isnan(value):
                    continue
                line = looks.LINES.get(model, ":" if model == "member" else "--")
                panel.axhline(value, color=looks.COLORS[model], linestyle=line, label=looks.label(model))
            style.set_vertical_label(panel, words)
            style.set_panel_title(panel, target)
    style.finish(figure, axes, "cost [trainings of a member]", title)
    return figure


def _draw_students(panel: Axes, table: pd.DataFrame, column: str, styles: dict[str, looks.Look]) -> None:
    """Draw a small point for each student, and a marker at the mean of its recipe."""
    for student, rows in table.groupby("student", sort=False):
        look = styles[str(student)]
        panel.scatter(rows["cost"], rows[column], s=9, color=look["color"], alpha=0.45, linewidth=0)
        panel.plot(
            [rows["cost"].mean()],
            [rows[column].mean()],
            linestyle="",
            **look,
            markersize=6,
            label=looks.label(str(student)),
        )
