"""How well the heads for the uncertainty of a profile follow what they predict, and what their intervals cover."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.evaluation.profile_uncertainty import LEVEL
from degu.evaluation.row_kinds import REGIONS
from degu.figures import style
from degu.figures.places import plot_at_places, without_repeats

# Each head, what it is compared with, and the words of its place.
COMPARED = {
    ("profile_epistemic", "ensemble"): "epistemic,\nstd over members",
    ("profile_aleatoric", "replicates"): "aleatoric,\nstd over replicates",
}
KINDS = {"profile_epistemic": "epistemic", "profile_aleatoric": "aleatoric", "total": "total"}
_OF_INTERVALS = "uncertainty that gives\nthe intervals, as predicted"
# The metric of each column of panels, and the words of its horizontal and its vertical axis.
COLUMNS = {
    "pearson": ("head, and what it predicts", "Pearson correlation\nover bins and regions"),
    "coverage": (_OF_INTERVALS, f"coverage of {100 * LEVEL:g} % intervals\nof the share in a bin"),
    "width": (_OF_INTERVALS, f"mean width of {100 * LEVEL:g} % intervals\n[share of the counts]"),
}
_PANEL = (3.2, 2.8)


def draw(scores: pd.DataFrame, title: str) -> Figure:
    """Draw one row of panels for each target: correlations of heads, then coverage and width of intervals, of regions.

    Parameters
    ----------
    scores
        Tables of `degu.evaluation.profile_uncertainty` of the students of a teacher, with the column `student`.
    title
        The title of the figure.
    """
    # Negatives have few counts, and the table has them apart.
    once = without_repeats(scores[scores["subset"] == REGIONS])
    parts = {metric: once[once["metric"] == metric] for metric in COLUMNS}
    places = dict.fromkeys(COLUMNS, KINDS) | {"pearson": {head: words for (head, _), words in COMPARED.items()}}
    compared = parts["pearson"].set_index(["head", "reference"]).index.isin(list(COMPARED))
    parts["pearson"] = parts["pearson"][compared]
    shown = [metric for metric, part in parts.items() if part["value"].notna().any()]
    targets = list(dict.fromkeys(once["target"]))
    figure, axes = style.panels(max(1, len(targets)), max(1, len(shown)), panel=_PANEL)
    if not shown:
        for panel in axes.flat:
            panel.set_axis_off()
        axes[0, 0].text(0.5, 0.5, "no model has an uncertainty of profiles", ha="center")
    for target, panels in zip(targets, axes, strict=False):
        for metric, panel in zip(shown, panels, strict=False):
            part = parts[metric]
            heads = {head: words for head, words in places[metric].items() if head in set(part["head"])}
            plot_at_places(panel, part[part["target"] == target].assign(place=lambda rows: rows["head"]), heads)
            _finish_panel(panel, metric)
            style.set_panel_title(panel, target, room=_PANEL[0])
    for panel, metric in zip(axes[-1], shown, strict=False):
        panel.set_xlabel(COLUMNS[metric][0])
    style.shared_legend(figure, axes.flat)
    style.set_title(figure, title)
    return figure


def _finish_panel(panel: Axes, metric: str) -> None:
    """Draw the line that a metric is compared with, and name the vertical axis."""
    style.set_vertical_label(panel, COLUMNS[metric][1])
    if metric == "coverage":
        panel.axhline(LEVEL, color="black", linewidth=0.8, linestyle="--", label=f"nominal level, {100 * LEVEL:g} %")
    elif metric == "pearson":
        panel.axhline(0, color="black", linewidth=0.6)
    else:
        panel.set_ylim(0, 1.1 * panel.dataLim.ymax)
