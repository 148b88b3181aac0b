"""Predicted against true uncertainty of the difference between a sequence and a mutant."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.figures import looks, style

# What is predicted for the standard deviation of a difference: words, colour and line.
WAYS = {
    "head": ("difference head", looks.COLORS["student"], "-"),
    "sum_of_variances": ("sum of both variances", looks.COLORS["member"], "--"),
    "scaled_sum": ("the same, scaled", looks.COLORS["member"], ":"),
}
# The labels of the horizontal axes have up to three lines.
_PANEL = (style.PANEL[0], style.PANEL[1] + 0.3)


def draw(pairs: pd.DataFrame, coverage: pd.DataFrame, units: Mapping[str, str], title: str) -> Figure:
    """Draw three panels for each target, one target below another.

    Left and middle: the standard deviation over members against what the difference head and the root of the sum of
    both variances say. Right: how many of the members' differences lie within intervals about the student's.

    Parameters
    ----------
    pairs, coverage
        The tables of `degu.distillation.difference_training.Fitted`.
    units
        The units of the targets, by their names.
    title
        The title of the figure.
    """
    targets = list(pairs["target"].unique())
    figure, axes = style.panels(len(targets), 3, panel=_PANEL)
    for target, line in zip(targets, axes.reshape(len(targets), 3), strict=True):
        own = pairs[pairs["target"] == target]
        unit = units.get(target)
        for panel, way in zip(line[:2], ("head", "sum_of_variances"), strict=True):
            _scatter(panel, own["members"].to_numpy(), own[way].to_numpy(), WAYS[way][1])
            panel.set_xlabel(style.with_unit("std of the difference\nover members", unit))
            style.set_vertical_label(panel, style.with_unit(WAYS[way][0], unit))
        _curves(line[2], coverage[coverage["target"] == target])
        line[0].set_title(target, loc="left", fontweight="bold")
    style.shared_legend(figure, axes.reshape(-1, 3)[:, 2])
    style.set_title(figure, title)
    return figure


def _scatter(panel: Axes, members: np.ndarray, predicted: np.ndarray, color: str) -> None:
    panel.scatter(members, predicted, s=3, alpha=0.25, linewidth=0, color=color, rasterized=True)
    panel.set(xlim=(0, 1.03 * members.max()), ylim=(0, 1.03 * predicted.max()))
    style.identity_line(panel)
    panel.set_title(f"r = {np.corrcoef(members, predicted)[0, 1]:.2f}", loc="right", fontsize=8)


def _curves(panel: Axes, coverage: pd.DataFrame) -> None:
    for way, (words, color, dash) in WAYS.items():
        own = coverage[coverage["way"] == way].sort_values("level")
        panel.plot(own["level"], own["coverage"], dash, color=color, linewidth=1.3, label=words)
    panel.plot([0, 1], [0, 1], color="black", linewidth=0.6)
    panel.set(xlabel="level of the interval", xlim=(0, 1), ylim=(0, 1))
    style.set_vertical_label(panel, "share of members\ninside the interval")
