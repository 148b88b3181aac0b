"""Histograms of the probability integral transform of the test values."""

import pandas as pd
from matplotlib.figure import Figure

from degu.figures import looks, style

COLORS = {"none": looks.COLORS["total"], "std_scaling": looks.COLORS["student"]}
LABELS = {"none": "total uncertainty as predicted", "std_scaling": "std scaled on the calibration split"}


def draw(curves: pd.DataFrame, title: str) -> Figure:
    """Draw one panel for each target and method, for ensembles and students; a histogram flat at 1 is calibrated.

    Parameters
    ----------
    curves
        The table of curves of `degu.uncertainty.assessment`, with the column `method`.
    title
        The title of the figure.
    """
    chosen = curves[(curves["curve"] == "pit") & (curves["model"] != "member") & (curves["uncertainty"] == "total")]
    figure, panels = style.method_grid(chosen, "density", sharex=True)
    for (target, method), panel in panels.items():
        own = chosen[(chosen["target"] == target) & (chosen["method"] == method)]
        for recalibration, label in LABELS.items():
            bars = own[own["recalibration"] == recalibration].groupby("x")["y"].mean()
            edges = [*bars.index, 1.0]
            panel.stairs(bars, edges, color=COLORS[recalibration], fill=recalibration == "none", alpha=0.5, label=label)
        panel.axhline(1, color="black", linewidth=0.6, linestyle="--")
        panel.set(xlabel="predicted probability of a lower value", xlim=(0, 1))
        panel.tick_params(labelbottom=True)
    style.shared_legend(figure, panels.values())
    style.set_title(figure, title)
    return figure
