"""The paper's comparison under its three shifts, as published and against a reference that no model was fitted to."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.figures import looks, style
from degu.shift.references import CIRCULAR, REFERENCE, TRUTH, best_reference

# From light to dark, so that the order can be told without colour; no model has these.
_SHADES = ["#BBBBBB", "#9E9AC8", "#6A51A3", "#000000"]
_NAMES = ["no shift", "small", "intermediate", "large"]
# The distance between kinds of models under one shift, and how far apart the models of one kind lie.
_APART, _SPREAD = 0.2, 0.13
_REFERENCES = {
    CIRCULAR: "against the ensemble that members\nbelong to and students learn from,\nas published",
    REFERENCE: "against an ensemble\nof other seeds",
    TRUTH: "against the truth",
}


def draw(scores: pd.DataFrame, predictions: pd.DataFrame, units: Mapping[str, str], title: str) -> Figure:
    """Draw three panels for each target: how predictions are distributed, and their errors by two references.

    The first panel has the distribution of what students predict under each shift. The others have a point for the mean
    squared error of each model of each kind: against the ensemble of the members, and against the best reference.

    Parameters
    ----------
    scores, predictions
        Tables of `degu.shift.assessment` for the shift `published`.
    units
        The units of the targets, by their names.
    title
        The title of the figure.
    """
    best = best_reference(scores["reference"])
    references = list(dict.fromkeys([CIRCULAR, best]))
    targets = list(dict.fromkeys(scores["target"]))
    figure, axes = style.panels(len(targets), 1 + len(references), panel=(3.1, 3.0))
    for target, panels in zip(targets, axes, strict=True):
        unit = units.get(target, "")
        own = scores[(scores["target"] == target) & (scores["metric"] == "mse")]
        _plot_distributions(panels[0], predictions[predictions["target"] == target])
        panels[0].set_xlabel(style.with_unit("activity that students predict", unit))
        panels[0].set_ylabel("share of sequences below")
        for panel, reference in zip(panels[1:], references, strict=True):
            _plot_errors(panel, own[own["reference"] == reference])
            panel.set_ylabel(style.with_unit("mean squared error", f"{unit}²" if unit else ""))
            panel.set_title(_REFERENCES[reference], fontsize=8)
        style.set_panel_title(panels[0], target)
    style.shared_legend(figure, axes.flat)
    style.set_title(figure, title)
    return figure


def _plot_distributions(panel: Axes, predictions: pd.DataFrame) -> None:
    """Draw the mean over students of each quantile, for each shift."""
    means = predictions[predictions["model"] == "student"].groupby(["rung", "quantile"])["value"].mean()
    for rung, (shade, name) in enumerate(zip(_SHADES, _NAMES, strict=True)):
        quantiles = means.loc[rung]
        panel.plot(quantiles, quantiles.index, color=shade, label=name)


def _plot_errors(panel: Axes, scores: pd.DataFrame) -> None:
    """Draw a point for the error of each model of each kind, under each shift."""
    models = [model for model in looks.ORDER if model in set(scores["model"])]
    for place, model in enumerate(models):
        offset = _APART * (place - (len(models) - 1) / 2)
        own = scores[scores["model"] == model].sort_values(["rung", "seed"])
        spread = own.groupby("rung").cumcount() / own.groupby("rung")["value"].transform("size")
        panel.plot(
            own["rung"] + offset + _SPREAD * (spread - 0.5),
            own["value"],
            linestyle="",
            color=looks.COLORS[model],
            marker=looks.MARKERS[model],
            markersize=3.5,
            label=looks.label(model),
        )
    panel.set_xticks(np.arange(len(_NAMES)), _NAMES, fontsize=7)
    panel.set_xlabel("shift of the test sequences")
    panel.set_ylim(bottom=0)
