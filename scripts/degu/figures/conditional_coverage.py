"""Coverage of conformal intervals within bins of predicted activity, GC content and total uncertainty."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from degu.figures import looks, style
from degu.uncertainty.coverage import binomial_band

FEATURES = {"mean": "predicted activity", "gc": "GC content", "total": "total uncertainty"}


def draw(conditional: pd.DataFrame, title: str) -> Figure:
    """Draw one row for each target and predicting method, and one column for each feature.

    The predicting methods are the ensemble of the teacher and its students.

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
            for name, bins in of_feature.groupby("conformal", sort=False):
                means = bins.groupby("bin")["coverage"].mean()
                panel.plot(
                    means.index + 1, means, markersize=3.5, linewidth=1, label=looks.label(str(name)), **styles[name]
                )
            count = int(of_feature["bin"].max()) + 1
            panel.set_xticks(np.arange(1, count + 1))
            panel.set(xlabel=f"bin of {words}, low to high", title=f"{looks.label(method)}, {target}")
        panels[0].set_ylabel(f"coverage of {100 * level:g} % intervals")
    style.shared_legend(figure, axes.flat)
    style.set_title(figure, title)
    return figure
