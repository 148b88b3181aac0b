"""Similarity and variability of attribution maps, by the measured activity of the explained sequences."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.figures import looks, style

MODELS = ("member", "student")
# The width and height of one panel, in inches.
PANEL = (1.75, 1.6)
# The height that a title above a panel and the ticks below it take, in inches.
ROOM_OF_TITLE = 0.4
# The width that the labels of the first column take, in inches.
ROOM_OF_LABELS = 0.7


def draw(models: pd.DataFrame, sequences: pd.DataFrame, title: str) -> Figure:
    """Draw one column for each attribution method and two rows for each target and head, by quantile of activity.

    The upper row shows the similarity to the reference ensemble: one point for each model, and a line through the
    means. The lower row shows the standard deviation of maps over seeds, relative to the median of the members in the
    panel: the median over the sequences of a quantile, and a bar from the lower to the upper quartile.

    Parameters
    ----------
    models, sequences
        The tables of `degu.attribution.comparison.Comparison`, for sequences drawn from quantiles of measured activity.
    title
        The title of the figure.
    """
    heads = list(models[["target", "head"]].drop_duplicates().itertuples(index=False, name=None))
    methods = list(dict.fromkeys(models["method"]))
    panel = (PANEL[0] + ROOM_OF_LABELS / len(methods), PANEL[1])
    figure, axes = style.panels(2 * len(heads), len(methods), sharex=True, sharey="row", panel=panel)
    for index, (target, head) in enumerate(heads):
        for method, near, spread in zip(methods, axes[2 * index], axes[2 * index + 1], strict=True):
            of_models, of_sequences = (
                table[(table["target"] == target) & (table["head"] == head) & (table["method"] == method)]
                for table in (models, sequences)
            )
            _plot_cosine(near, of_models)
            _plot_variability(spread, of_sequences)
            style.set_panel_title(near, looks.label(method), room=PANEL[0])
        for first, words in zip(axes[2 * index : 2 * index + 2, 0], ("cosine", "relative std"), strict=True):
            style.set_vertical_label(first, f"{head} of {target}\n{words}", room=PANEL[1] - ROOM_OF_TITLE)
        axes[2 * index + 1, 0].set_ylim(bottom=0)
    style.finish(figure, axes, "quantile of\nmeasured activity", title)
    return figure


def _plot_cosine(axes: Axes, models: pd.DataFrame) -> None:
    """Draw one point for each model and quantile, and a line through the means of each kind of model."""
    own = models[(models["reference"] == "reference ensemble") & (models["metric"] == "cosine")]
    own = own[own["group"].str.startswith("quantile ")]
    own = own.assign(quantile=own["group"].str.removeprefix("quantile ").astype(int))
    for model, rows in own.groupby("model"):
        name = str(model)
        color, marker, line = looks.COLORS[name], looks.MARKERS[name], looks.LINES.get(name, "-")
        if marker:
            axes.scatter(rows["quantile"], rows["value"], s=6, alpha=0.45, linewidth=0, color=color, marker=marker)
        means = rows.groupby("quantile")["value"].mean()
        words = looks.label(name) if marker else looks.BEST
        axes.plot(means.index, means, line, color=color, marker=marker, markersize=4, linewidth=1.2, label=words)
    axes.set_xticks(sorted(own["quantile"].unique()))


def _plot_variability(axes: Axes, sequences: pd.DataFrame) -> None:
    """Draw the median and the quartiles of each quantile, for members and for students side by side."""
    own = sequences[sequences["quantile"] > 0]
    scale = own["member"].median() if "member" in own else 1.0
    for offset, model in zip((-0.12, 0.12), MODELS, strict=True):
        if model not in own:
            continue
        quartiles = (own.groupby("quantile")[model].quantile(np.array([0.25, 0.5, 0.75])) / scale).unstack()
        axes.errorbar(
            quartiles.index + offset,
            quartiles[0.5],
            yerr=[quartiles[0.5] - quartiles[0.25], quartiles[0.75] - quartiles[0.5]],
            color=looks.COLORS[model],
            marker=looks.MARKERS[model],
            markersize=4,
            linewidth=1.2,
            label=looks.label(model),
        )
