"""Accuracy against the number of labels, by the strategy that chose them, and the advantage over random choice."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.figures import looks, rows, style
from degu.figures.looks import Look

_REFERENCES = {"truth": "true activity", "measured": "measured activity"}
# Models that are judged, from left to right.
_MODELS = ("ensemble", "student")


def draw(curves: pd.DataFrame, comparison: pd.DataFrame, title: str) -> Figure:
    """Draw one row for each target: a panel of curves for the ensemble and the student, and one of their advantages.

    Pearson's correlation is drawn, with the truth where it is known and with the measurements elsewhere.

    Parameters
    ----------
    curves, comparison
        Tables that `degu.acquisition.summary.curves` and `compare` return, of one teacher and student.
    title
        The title of the figure.
    """
    reference = next(name for name in _REFERENCES if name in set(curves["reference"]))
    curves, comparison = (
        table[(table["metric"] == "pearson") & (table["reference"] == reference)] for table in (curves, comparison)
    )
    targets, strategies = list(curves["target"].unique()), list(curves["strategy"].unique())
    style_of = looks.method_styles(strategies, known={})
    figure, axes = style.panels(len(targets), len(_MODELS) + 1)
    for target, panels in zip(targets, axes, strict=True):
        own = curves[curves["target"] == target]
        for model, panel in zip(_MODELS, panels[:-1], strict=True):
            _draw_curves(panel, own[own["model"] == model], style_of)
            style.set_panel_title(panel, f"{looks.label(model)}, {target}")
            style.set_vertical_label(panel, f"Pearson correlation\nwith {_REFERENCES[reference]}")
            panel.set_xlabel("labelled training sequences")
            panel.sharey(panels[0])
        ahead = comparison[(comparison["target"] == target) & (comparison["quantity"] == "area")]
        _draw_advantages(panels[-1], ahead, style_of)
        # The names of the strategies take a part of the width.
        style.set_panel_title(panels[-1], f"ahead of random choice, {target}", room=0.6 * style.PANEL[0])
    style.shared_legend(figure, axes[:, :-1].flat)
    style.set_title(figure, title)
    return figure


def _draw_curves(panel: Axes, curves: pd.DataFrame, style_of: Mapping[str, Look]) -> None:
    """Draw the mean of each strategy over seeds as a line, and its interval as a band."""
    for strategy, own in curves.groupby("strategy", sort=False):
        look = style_of[str(strategy)]
        panel.fill_between(own["labels"], own["low"], own["high"], color=look["color"], alpha=0.1, linewidth=0)
        line = "--" if strategy == "random" else "-"
        panel.plot(
            own["labels"], own["value"], line, **look, markersize=4, linewidth=1.3, label=looks.label(str(strategy))
        )
    panel.set_xticks(sorted(curves["labels"].unique()))
    panel.tick_params(axis="x", rotation=45)


def _draw_advantages(panel: Axes, ahead: pd.DataFrame, style_of: Mapping[str, Look]) -> None:
    """Draw the mean advantage of each strategy with its interval, the ensemble's above the student's."""
    strategies = list(ahead["strategy"].unique())
    rows.label_rows(panel, [looks.label(name) for name in strategies])
    for offset, model in zip((-0.17, 0.17), _MODELS, strict=True):
        own = ahead[ahead["model"] == model].set_index("strategy")
        for place, strategy in enumerate(strategies):
            row, look = own.loc[strategy], style_of[strategy]
            fill = "full" if model == "ensemble" else "none"
            panel.plot([row["low"], row["high"]], [place + offset] * 2, color=look["color"], linewidth=1.3)
            panel.plot(row["mean"], place + offset, linestyle="", **look, fillstyle=fill, markersize=5)
    panel.axvline(0, color="black", linestyle="--", linewidth=0.8)
    panel.set_xlabel("mean advantage (filled:\nensemble, open: student)")
