"""Observed against nominal coverage, before and after recalibration."""

import pandas as pd
from matplotlib.figure import Figure

from degu.figures import looks, style

# Only the total uncertainty is also drawn after recalibration.
LINES = {"none": "-", "std_scaling": "--", "isotonic": ":"}
WORDS = {"none": "", "std_scaling": ", std scaled", "isotonic": ", isotonic"}


def draw(curves: pd.DataFrame, scores: pd.DataFrame, title: str) -> Figure:
    """Draw one panel for each target and method, for ensembles and students.

    The numbers above a panel are the miscalibration areas of the total uncertainty, before and after recalibration.

    Parameters
    ----------
    curves, scores
        The tables of `degu.uncertainty.assessment`, with the column `method`.
    title
        The title of the figure.
    """
    chosen = curves[(curves["curve"] == "coverage") & (curves["model"] != "member")]
    chosen = chosen[(chosen["recalibration"] == "none") | (chosen["uncertainty"] == "total")]
    rows = scores[(scores["metric"] == "miscalibration_area") & (scores["model"] != "member")]
    areas = rows[rows["uncertainty"] == "total"].groupby(["target", "method", "recalibration"])["value"].mean()
    figure, panels = style.method_grid(chosen, "observed coverage", sharey=True, sharex=True)
    for (target, method), panel in panels.items():
        own = chosen[(chosen["target"] == target) & (chosen["method"] == method)]
        for (kind, recalibration), lines in own.groupby(["uncertainty", "recalibration"], sort=False):
            line = lines.groupby("x")["y"].mean()
            dash, color = LINES[str(recalibration)], looks.COLORS[str(kind)]
            label = f"{kind}{WORDS[str(recalibration)]}"
            panel.plot(line.index, line, dash, color=color, linewidth=1.3, label=label)
        panel.plot([0, 1], [0, 1], color="black", linewidth=0.6)
        text = "; ".join(f"{areas[target, method, name]:.3f}{WORDS[name]}" for name in LINES)
        panel.set_title(panel.get_title(), pad=16, fontsize=panel.title.get_fontsize())
        panel.text(0.5, 1.03, f"area {text}", ha="center", fontsize=7, transform=panel.transAxes)
        panel.set(xlabel="nominal coverage", xlim=(0, 1), ylim=(0, 1))
        panel.tick_params(labelbottom=True)
    style.shared_legend(figure, panels.values())
    style.set_title(figure, title)
    return figure
