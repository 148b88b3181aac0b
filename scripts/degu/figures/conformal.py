"""Coverage of conformal intervals against their width, by method."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from degu.figures import style
from degu.uncertainty.coverage import binomial_band


def draw(conformal: pd.DataFrame, level: float, rows: Mapping[str, int], title: str) -> Figure:
    """Draw one panel for each target and predicting method, for ensembles and students; points are means over seeds.

    Parameters
    ----------
    conformal
        The table of `degu.uncertainty.assessment`, with the columns `method` (which model predicts) and `conformal`
        (which conformal method makes the intervals).
    level
        The nominal level of the intervals that are drawn.
    rows
        The numbers of `calibration` and `test` rows, from which the band of a valid method's coverage follows.
    title
        The title of the figure.
    """
    chosen = conformal[(conformal["level"] == level) & (conformal["model"] != "member")]
    means = chosen.groupby(["target", "method", "conformal", "population"], sort=False)[["coverage", "width"]].mean()
    means = means.reset_index()
    units = chosen.drop_duplicates("target").set_index("target")["unit"]
    means["name"] = means["conformal"] + means["population"].map({"test": "", "shifted": ", GC shift"})
    # On the shifted rows, draw only the method whose guarantee the shift breaks and the one that restores it.
    means = means[(means["population"] == "test") | means["conformal"].isin(["split", "weighted"])]
    styles = style.method_styles(means["name"])
    low, high = binomial_band(rows["test"], level, calibration_rows=rows["calibration"])
    figure, panels = style.method_grid(means, "coverage of test values", sharey=True)
    for (target, method), panel in panels.items():
        own = means[(means["target"] == target) & (means["method"] == method)]
        for name, width, coverage in zip(own["name"], own["width"], own["coverage"], strict=True):
            panel.plot(width, coverage, linestyle="", markersize=6, label=name, **styles[name])
        panel.axhspan(low, high, color="#DDDDDD", zorder=0)
        panel.axhline(level, color="black", linewidth=0.6, linestyle="--")
        panel.set_xlabel(style.with_unit("mean width of the interval", units[target]))
    style.shared_legend(figure, panels.values())
    style.set_title(figure, title)
    return figure
