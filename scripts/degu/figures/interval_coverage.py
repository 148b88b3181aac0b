"""Coverage of intervals against their width, for each kind of uncertainty (poster panel P9)."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from degu.figures import style

# A single member is drawn beside its ensemble.
LINES = {"member": ":", "ensemble": "-", "student": "-"}


def draw(curves: pd.DataFrame, title: str) -> Figure:
    """Return a panel a target and method: fraction of test values within mean +- z std against the width of that.

    Parameters
    ----------
    curves
        Of `degu.uncertainty.assessment`, with the column `method`.
    title
        Of the figure.
    """
    chosen = curves[(curves["recalibration"] == "none") & curves["curve"].isin(["coverage", "width"])]
    means = chosen.groupby(["target", "method", "model", "uncertainty", "x", "curve"], sort=False)["y"].mean()
    table = means.unstack("curve").reset_index()
    units = chosen.drop_duplicates("target").set_index("target")["unit"]
    figure, panels = style.method_grid(table, "coverage of test values", sharey=True)
    for (target, method), panel in panels.items():
        own = table[(table["target"] == target) & (table["method"] == method)]
        for (model, kind), line in sorted(
            own.groupby(["model", "uncertainty"]), key=lambda part: part[0][0] == "member"
        ):
            color = style.COLORS[kind]
            text = f"{kind}, one member" if model == "member" else kind
            panel.plot(line["width"], line["coverage"], LINES[model], color=color, linewidth=1.3, label=text)
            nominal = line[np.isclose(line["x"], 0.95)]
            panel.plot(nominal["width"], nominal["coverage"], "o", color=color, markersize=4)
        panel.axhline(0.95, color="black", linewidth=0.6, linestyle="--")
        panel.set(xlabel=style.with_unit("mean width of the interval", units[target]), ylim=(0, 1.02))
        panel.set_xlim(left=0)
    figure.suptitle(title)
    style.shared_legend(figure, panels.values())
    return figure
