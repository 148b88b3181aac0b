"""What the intervals of the bins of profiles cover, and how large errors are at each predicted standard deviation."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.figures import style
from degu.figures.log_axis import set_log_scale
from degu.figures.places import plot_at_places, without_repeats
from degu.figures.profile_accuracy import SUBSETS

# The words of each quantity, and its unit.
QUANTITIES = {"share": ("share of the counts", "share of the counts"), "counts": ("counts", "counts")}
# The intervals whose coverage is drawn, with their lines and words: of single bins, and of all bins of a window.
BY_BIN = {
    "predicted": (":", "std as predicted"),
    "recalibrated": ("--", "std recalibrated"),
    "normalized": ("-", "conformal, by bin"),
}
BY_WINDOW = {"normalized": BY_BIN["normalized"], "simultaneous": ("-.", "conformal, simultaneous")}
# The column of the stds of each line of the panel of errors.
_STDS = {"predicted": "std", "recalibrated": "recalibrated"}
_GREY = "#666666"
_PANEL = (3.2, 2.8)
_COLUMNS = 4


def draw(intervals: pd.DataFrame, curves: pd.DataFrame, level: float, title: str) -> Figure:
    """Draw one row of panels for each target and quantity.

    From left to right: the coverage of bins and of whole windows at each level, the coverage of bins by the counts of
    the window, and the errors against the standard deviations.

    Parameters
    ----------
    intervals, curves
        Tables of `degu.uncertainty.profile_assessment` of the students of a teacher, with the column `student`.
    level
        The nominal level of the intervals that are drawn by counts.
    title
        The title of the figure.
    """
    intervals = without_repeats(intervals)
    curves = without_repeats(curves.rename(columns={"error": "value"}))
    keys = list(intervals[["target", "quantity"]].drop_duplicates().itertuples(index=False, name=None))
    figure, axes = style.panels(max(1, len(keys)), _COLUMNS, panel=_PANEL)
    if not keys:
        for panel in axes.flat:
            panel.set_axis_off()
        axes[0, 0].text(0.5, 0.5, "no model has an uncertainty of profiles", ha="center")
    for (target, quantity), panels in zip(keys, axes, strict=False):
        own = intervals[(intervals["target"] == target) & (intervals["quantity"] == quantity)]
        everywhere = own[own["subset"] == "all"]
        _plot_coverage(panels[0], everywhere[everywhere["metric"] == "bins"], BY_BIN)
        _plot_coverage(panels[1], everywhere[everywhere["metric"] == "regions"], BY_WINDOW)
        _plot_by_counts(panels[2], own, level)
        _plot_errors(panels[3], curves[(curves["target"] == target) & (curves["quantity"] == quantity)])
        words, unit = QUANTITIES[quantity]
        style.set_vertical_label(panels[0], f"observed coverage of the\n{words} in a bin")
        style.set_vertical_label(panels[1], "windows with all\nbins in their intervals")
        style.set_vertical_label(panels[2], f"coverage of conformal\n{100 * level:g} % intervals by bin")
        style.set_vertical_label(panels[3], f"root mean square error\n[{unit}]")
        panels[3].set_xlabel(f"std [{unit}]")
        for panel in panels:
            style.set_panel_title(panel, f"{target}: {words}", room=_PANEL[0])
    for panel, words in zip(axes[-1], ("nominal coverage", "nominal coverage", "test windows"), strict=False):
        panel.set_xlabel(words)
    style.shared_legend(figure, axes.flat)
    style.set_title(figure, title)
    return figure


def _plot_coverage(panel: Axes, rows: pd.DataFrame, lines: dict[str, tuple[str, str]]) -> None:
    """Draw the mean over seeds of the coverage at each level, with a line for each kind of interval and model."""
    for interval, (line, words) in lines.items():
        panel.plot([], [], line, color=_GREY, label=words)
        for name, look, _, own in style.kinds_of(rows[rows["interval"] == interval]):
            means = own.groupby("level")[["value", "low", "high"]].mean()
            panel.vlines(means.index, means["low"], means["high"], color=look["color"], linewidth=0.9, alpha=0.7)
            panel.plot(means.index, means["value"], line, **look, markersize=4, linewidth=1.2)
            panel.plot([], [], linestyle="", **look, markersize=4, label=name)
    panel.plot([0, 1], [0, 1], color="black", linewidth=0.6, zorder=0)
    panel.set(xlim=(0, 1), ylim=(0, 1.03))


def _plot_by_counts(panel: Axes, rows: pd.DataFrame, level: float) -> None:
    """Draw the coverage of bins for all regions, for their thirds by their counts, and for negatives."""
    chosen = rows[np.isclose(rows["level"], level) & (rows["interval"] == "normalized") & (rows["metric"] == "bins")]
    subsets = {name: words for name, words in SUBSETS.items() if name in set(chosen["subset"])}
    plot_at_places(panel, chosen.assign(place=chosen["subset"]), subsets)
    panel.axvline(0.5, color="#DDDDDD", linewidth=0.8, zorder=0)
    panel.axhline(level, color="black", linewidth=0.6)


def _plot_errors(panel: Axes, rows: pd.DataFrame) -> None:
    """Draw the root mean square error against the std, as predicted and recalibrated, and the line of equality."""
    for interval, column in _STDS.items():
        line, _ = BY_BIN[interval]
        for _, look, _, own in style.kinds_of(rows):
            means = own.groupby("bin")[[column, "value"]].mean()
            panel.plot(means[column], means["value"], line, **look, markersize=4, linewidth=1.0)
    known = rows[[*_STDS.values(), "value"]].to_numpy()
    known = known[np.isfinite(known) & (known > 0)]
    if len(known):
        set_log_scale(panel, "x")
        set_log_scale(panel, "y")
        ends = np.array([known.min() / 1.2, known.max() * 1.2])
        panel.plot(ends, ends, color="black", linewidth=0.6, zorder=0)
        panel.set(xlim=ends, ylim=ends)
