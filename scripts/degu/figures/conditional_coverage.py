"""Coverage of conformal intervals within bins of predicted activity, GC content and total uncertainty."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.figures import looks, style
from degu.uncertainty.coverage import binomial_band

FEATURES = {"mean": "predicted activity", "gc": "GC content", "total": "total uncertainty"}
# The words of the legend for bins of which at least one interval is infinite.
INFINITE = "infinite intervals"
SIZE = 3.5


def draw(conditional: pd.DataFrame, title: str) -> Figure:
    """Draw one row for each target and predicting method, and one column for each feature.

    The predicting methods are the ensemble of the teacher and its students. An infinite interval covers whatever is
    measured, so that the coverage of bins with such intervals is not drawn: an open marker above the axis stands there.

    Parameters
    ----------
    conditional
        The table of `degu.uncertainty.assessment`, with the columns `method` (which model predicts) and `conformal`
        (which conformal method makes the intervals). The teacher of its first row is the one that is drawn.
    title
        The title of the figure.
    """
    # The rows of the teacher come before those of its baselines.
    of_teacher = (conditional["model"] == "ensemble") & (conditional["teacher"] == conditional["teacher"].iloc[0])
    chosen = conditional[of_teacher | (conditional["model"] == "student")]
    keys = list(chosen[["target", "method"]].drop_duplicates().itertuples(index=False, name=None))
    styles = looks.method_styles(chosen["conformal"], looks.CONFORMAL)
    level = chosen["level"].iloc[0]
    figure, axes = style.panels(len(keys), len(FEATURES), sharey=True)
    for (target, method), panels in zip(keys, axes, strict=True):
        own = chosen[(chosen["target"] == target) & (chosen["method"] == method)]
        for (feature, words), panel in zip(FEATURES.items(), panels, strict=True):
            of_feature = own[own["feature"] == feature]
            if of_feature.empty:
                panel.set_axis_off()
                continue
            low, high = binomial_band(int(of_feature["rows"].median()), level)
            panel.axhspan(low, high, color="#DDDDDD", zorder=0)
            panel.axhline(level, color="black", linewidth=0.6, linestyle="--")
            _plot_methods(panel, of_feature, styles)
            count = int(of_feature["bin"].max()) + 1
            panel.set_xticks(np.arange(1, count + 1))
            panel.set(xlabel=f"bin of {words}, low to high", title=f"{looks.label(method)}, {target}")
        panels[0].set_ylabel(f"coverage of {100 * level:g} % intervals")
    style.shared_legend(figure, axes.flat)
    style.set_title(figure, title)
    return figure


def _plot_methods(panel: Axes, bins: pd.DataFrame, styles: Mapping[str, looks.Look]) -> None:
    """Draw a line through the means over seeds of each conformal method, and open markers where intervals are infinite.

    These markers stand side by side, since they all have one height.
    """
    infinite: dict[str, np.ndarray] = {}
    for name, own in bins.groupby("conformal", sort=False):
        means = own.groupby("bin")[["coverage", "width"]].mean()
        without_end = np.isinf(means["width"])
        shown, look = means["coverage"].mask(without_end), styles[str(name)]
        panel.plot(shown.index + 1, shown, markersize=SIZE, linewidth=1, label=looks.label(str(name)), **look)
        if without_end.any():
            infinite[str(name)] = means.index[without_end].to_numpy() + 1
    offsets = np.linspace(-0.35, 0.35, len(infinite) + 2)[1:-1]
    height = panel.get_xaxis_transform()
    for offset, (name, places) in zip(offsets, infinite.items(), strict=True):
        panel.plot(
            places + offset,
            np.ones(len(places)),
            linestyle="",
            fillstyle="none",
            markersize=SIZE,
            transform=height,
            clip_on=False,
            **styles[name],
        )
    if infinite:
        panel.plot([], [], "o", color="#7F7F7F", fillstyle="none", markersize=SIZE, label=INFINITE)
