"""Agreement of the attribution maps of each method and kind of model with the positions of planted motifs."""

import pandas as pd
from matplotlib.figure import Figure

from degu.figures import style

METRICS = {"auroc": "AUROC", "aupr": "area under precision-recall", "signal_to_noise": "signal to noise"}


def draw(scores: pd.DataFrame, title: str) -> Figure:
    """Draw one row for each target and head, and one column for each metric.

    Each panel shows one point for each model, by attribution method.

    Parameters
    ----------
    scores
        The table of `degu.attribution.comparison.score_attributions`.
    title
        The title of the figure.
    """
    keys = list(scores[["target", "head"]].drop_duplicates().itertuples(index=False, name=None))
    methods = list(scores["method"].unique())
    figure, axes = style.panels(len(keys), len(METRICS))
    for key, panels in zip(keys, axes, strict=True):
        for (metric, words), panel in zip(METRICS.items(), panels, strict=True):
            own = scores[(scores[["target", "head"]] == list(key)).all(axis=1) & (scores["metric"] == metric)]
            style.plot_by_method(panel, own, methods)
            if metric == "auroc":
                panel.axhline(0.5, color="black", linewidth=0.8, linestyle=":")
            panel.set_ylabel(words)
            style.set_panel_title(panel, f"{key[1]} of {key[0]}")
    style.shared_legend(figure, axes.flat)
    style.set_title(figure, title)
    return figure
