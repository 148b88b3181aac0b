"""Similarity and variability of attribution maps, by the measured activity of the explained sequences."""

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.figures import style

MODELS = ("member", "student")


def draw(models: pd.DataFrame, sequences: pd.DataFrame, title: str) -> Figure:
    """Draw two panels for each target, method and head, both by quantile of measured activity.

    The left panel shows the similarity to the reference ensemble, the right one the variability over seeds.

    Parameters
    ----------
    models, sequences
        The tables of `degu.attribution.comparison.Comparison`, for sequences drawn from quantiles of measured activity.
    title
        The title of the figure.
    """
    keys = list(models[["target", "method", "head"]].drop_duplicates().itertuples(index=False, name=None))
    figure, axes = style.panels(len(keys), 2)
    for key, (near, spread) in zip(keys, axes, strict=True):
        of_models, of_sequences = (
            table[(table[["target", "method", "head"]] == list(key)).all(axis=1)] for table in (models, sequences)
        )
        _plot_cosine(near, of_models)
        _plot_variability(spread, of_sequences)
        for panel in (near, spread):
            style.set_panel_title(panel, f"{key[1]}\n{key[2]} of {key[0]}")
            panel.set_xlabel("quantile of measured activity")
    style.shared_legend(figure, axes[:, 0])
    style.set_title(figure, title)
    return figure


def _plot_cosine(axes: Axes, models: pd.DataFrame) -> None:
    """Draw one point for each model and quantile, and a line through the means of each kind of model."""
    own = models[(models["reference"] == "reference ensemble") & (models["metric"] == "cosine")]
    own = own[own["group"].str.startswith("quantile ")]
    own = own.assign(quantile=own["group"].str.removeprefix("quantile ").astype(int))
    for model, rows in own.groupby("model"):
        name = str(model)
        color, marker = style.COLORS[name], style.MARKERS[name]
        axes.scatter(rows["quantile"], rows["value"], s=9, alpha=0.45, linewidth=0, color=color, marker=marker)
        means = rows.groupby("quantile")["value"].mean()
        axes.plot(means.index, means, color=color, marker=marker, markersize=5, linewidth=1.3, label=style.label(name))
    axes.set_xticks(sorted(own["quantile"].unique()))
    axes.set_ylabel("cosine with the mean map\nof the reference ensemble")


def _plot_variability(axes: Axes, sequences: pd.DataFrame) -> None:
    """Draw two boxes of sequences for each quantile: the variability over members and over students."""
    known = [model for model in MODELS if model in sequences]
    own = sequences[sequences["quantile"] > 0].melt("quantile", known, "model", "variability")
    sns.boxplot(
        own,
        x="quantile",
        y="variability",
        hue="model",
        palette=style.COLORS,
        saturation=1,
        fliersize=2,
        linewidth=0.8,
        ax=axes,
    )
    # The legend of the figure has the same words.
    legend = axes.get_legend()
    if legend is not None:
        legend.remove()
    axes.set_ylabel("std of maps over seeds")
