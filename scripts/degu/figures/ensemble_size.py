"""Accuracy and uncertainty against the number of members of the ensemble."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from degu.figures import looks, style

# The metrics, and the words of the axis.
METRICS = {
    "pearson": "Pearson correlation\nwith measured activity",
    "epistemic_pearson": "Pearson correlation\nof epistemic std with\nthe std over all members",
    "coverage": "coverage of\n95 % intervals",
    "crps": "CRPS",
}
NOMINAL = {"coverage": 0.95}


def draw(scores: pd.DataFrame, units: Mapping[str, str], title: str) -> Figure:
    """Draw one row for each target and one panel for each metric, against the number of members.

    Parameters
    ----------
    scores
        The table of `degu.uncertainty.ensemble_sizes.sweep`.
    units
        The units of the targets, which are those of the CRPS.
    title
        The title of the figure.
    """
    targets = list(scores["target"].unique())
    metrics = [metric for metric in METRICS if metric in set(scores["metric"])]
    figure, axes = style.panels(len(targets), len(metrics), sharex=True)
    sizes = sorted(scores["size"].unique())
    for target, panels in zip(targets, axes, strict=True):
        for metric, panel in zip(metrics, panels, strict=True):
            own = scores[(scores["target"] == target) & (scores["metric"] == metric)]
            for model in (model for model in looks.ORDER if model in set(own["model"])):
                look = looks.Look(color=looks.COLORS[model], marker=looks.MARKERS[model])
                words, line = looks.label(model), looks.LINES.get(model, "-")
                style.plot_means(panel, own[own["model"] == model], "size", look, words, line)
            if metric in NOMINAL:
                panel.axhline(NOMINAL[metric], color="black", linestyle="--", linewidth=0.8)
            panel.set_xticks(sizes)
            unit = units.get(target) if metric == "crps" else ""
            style.set_vertical_label(panel, style.with_unit(METRICS[metric], unit))
            style.set_panel_title(panel, target)
    style.finish(figure, axes, "members of the ensemble", title)
    return figure
