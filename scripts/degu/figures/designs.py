"""What designs promise and what they do, and how often the promise is kept, by the number of steps."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from degu.figures import looks, style
from degu.figures.looks import Look
from degu.shift.references import CIRCULAR, REFERENCE, TRUTH, best_reference

# The shares of promises that a designer whose normal predictions are right would keep.
_NOMINAL = {"kept_mean": 0.5, "kept_lower_bound": 0.9}
# The room between designs that stand beside each other.
_APART = 0.07
_JUDGES = {
    TRUTH: "done, by the truth",
    REFERENCE: "done, by the reference ensemble",
    CIRCULAR: "done, by the own ensemble",
}


def draw(table: pd.DataFrame, units: Mapping[str, str], title: str) -> Figure:
    """Draw three panels for each target: activity, the share of designs with the promised mean, and with the bound.

    Parameters
    ----------
    table
        The table of designs that `degu.design.assessment.assess_designs` returns.
    units
        The units of the targets, by their names.
    title
        The title of the figure.
    """
    judge = best_reference(table["judge"])
    table = table[table["judge"] == judge]
    styles = looks.method_styles(list(table["design"].unique()), known={})
    targets = list(table["target"].unique())
    figure, axes = style.panels(len(targets), 3)
    for target, row in zip(targets, axes, strict=True):
        own = table[table["target"] == target]
        _draw_activity(row[0], own, styles, _JUDGES[judge])
        style.set_vertical_label(row[0], style.with_unit("mean activity", units.get(target)))
        style.set_panel_title(row[0], f"promised and done, {target}")
        for panel, (quantity, nominal) in zip(row[1:], _NOMINAL.items(), strict=True):
            _draw_kept(panel, own, quantity, nominal, styles)
        style.set_panel_title(row[1], "promised mean is reached")
        style.set_panel_title(row[2], "lower bound is reached")
    style.shared_legend(figure, axes.flat)
    style.set_title(figure, title)
    return figure


def _draw_activity(panel: Axes, table: pd.DataFrame, styles: Mapping[str, Look], judged: str) -> None:
    """Draw what is done as solid lines, and what is promised as dashed ones."""
    _draw_means(panel, table, "achieved", styles)
    for design, own in table.groupby("design", sort=False):
        places = [_places(table)[step] for step in own["step"]]
        panel.plot(places, own["promised"], "--", color=styles[str(design)]["color"], linewidth=1)
    done = Line2D([], [], color="black", linestyle="-", linewidth=1, label=judged)
    promised = Line2D([], [], color="black", linestyle="--", linewidth=1, label="promised")
    panel.legend(handles=[done, promised], fontsize=7, loc="upper left")


def _draw_kept(panel: Axes, table: pd.DataFrame, quantity: str, nominal: float, styles: Mapping[str, Look]) -> None:
    """Draw how many designs keep a promise, and how many would if predictions were right."""
    _draw_means(panel, table, quantity, styles)
    panel.axhline(nominal, color="black", linestyle="--", linewidth=0.8)
    panel.set_ylim(-0.03, 1.03)
    panel.set_ylabel("share of designs")


def _draw_means(panel: Axes, table: pd.DataFrame, quantity: str, styles: Mapping[str, Look]) -> None:
    """Draw the means of each design as a line with bars of their intervals; designs stand beside each other."""
    designs, places = list(table["design"].unique()), _places(table)
    for place, design in enumerate(designs):
        own = table[table["design"] == design].dropna(subset=quantity)
        if not len(own):
            continue
        ends = [(own[quantity] - own[f"{quantity}_low"]).clip(0), (own[f"{quantity}_high"] - own[quantity]).clip(0)]
        panel.errorbar(
            own["step"].map(places) + _APART * (place - (len(designs) - 1) / 2),
            own[quantity],
            yerr=ends,
            **styles[design],
            markersize=3.5,
            linewidth=1.3,
            elinewidth=0.7,
            label=looks.label(design),
        )
    panel.set_xticks(list(places.values()), [str(step) for step in places])
    panel.set_xlabel("steps of the search")


def _places(table: pd.DataFrame) -> dict[int, int]:
    """Return where each number of steps stands, one beside the other."""
    return {int(step): place for place, step in enumerate(sorted(table["step"].unique()))}
