"""Coverage of intervals against their width, for each kind of uncertainty.

The poster shows it in its section "Calibrating uncertainty estimates".
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from degu.figures import looks, style

# The curves of a single member are dotted, beside those of its ensemble.
LINES = {"member": ":", "ensemble": "-", "student": "-"}


def draw(curves: pd.DataFrame, units: Mapping[str, str], title: str) -> Figure:
    """Draw one panel for each target and method, with one curve for each kind of uncertainty.

    A curve shows the fraction of test values inside mean ± z std against the mean width of that interval, as z grows.

    Parameters
    ----------
    curves
        The table of curves of `degu.uncertainty.assessment`, with the column `method`.
    units
        The units of the targets, by their names.
    title
        The title of the figure.
    """
    chosen = curves[(curves["recalibration"] == "none") & curves["curve"].isin(["coverage", "width"])]
    means = chosen.groupby(["target", "method", "model", "uncertainty", "x", "curve"], sort=False)["y"].mean()
    table = means.unstack("curve").reset_index()
    figure, panels = style.method_grid(table, "coverage of test values", sharey=True)
    for (target, method), panel in panels.items():
        own = table[(table["target"] == target) & (table["method"] == method)]
        for (model, kind), line in sorted(
            own.groupby(["model", "uncertainty"]), key=lambda part: part[0][0] == "member"
        ):
            color = looks.COLORS[str(kind)]
            text = f"{kind}, one member" if model == "member" else str(kind)
            panel.plot(line["width"], line["coverage"], LINES[str(model)], color=color, linewidth=1.3, label=text)
            nominal = line[np.isclose(line["x"], 0.95)]
            panel.plot(nominal["width"], nominal["coverage"], "o", color=color, markersize=4)
        panel.axhline(0.95, color="black", linewidth=0.6, linestyle="--")
        panel.set(xlabel=style.with_unit("mean width of the interval", units.get(str(target))), ylim=(0, 1.02))
        panel.set_xlim(left=0)
    style.shared_legend(figure, panels.values())
    style.set_title(figure, title)
    return figure
