"""Error of the predictions that are left when the most uncertain ones are set aside."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.figures import looks, rows, style

LINES = {"member": ":", "ensemble": "--", "student": "-"}
# The width of a panel, and the least height of one, in inches.
WIDTH, HEIGHT = 3.2, 3.0


def draw(curves: pd.DataFrame, title: str) -> Figure:
    """Draw two panels for each target.

    The left one has a curve for the teacher's members, its ensemble and each student: the root mean squared error of
    the predictions with the lowest total uncertainty, relative to that of all predictions. The right one has a row for
    each method and kind of model: how much of the reduction that the true errors would allow its uncertainty achieves,
    on average over all fractions set aside.

    Parameters
    ----------
    curves
        The table of curves of `degu.uncertainty.assessment`, with the column `method`. Its first method is the teacher.
    title
        The title of the figure.
    """
    total = curves[(curves["uncertainty"] == "total") & curves["curve"].isin(["sparsification", "oracle"])]
    styles = looks.method_styles(curves["method"])
    targets = list(dict.fromkeys(total["target"]))
    kinds = list(total[["method", "model"]].drop_duplicates().itertuples(index=False, name=None))
    height = max(HEIGHT, rows.HEIGHT * len(kinds) + 0.8)
    figure, axes = style.panels(max(1, len(targets)), 2, panel=(WIDTH, height))
    for target, (left, right) in zip(targets, axes, strict=True):
        own = total[total["target"] == target]
        _plot_curves(left, own, styles)
        _plot_shares(right, own, styles)
        for panel in (left, right):
            style.set_panel_title(panel, target)
    style.shared_legend(figure, axes[:, 0])
    style.set_title(figure, title)
    return figure


def _plot_curves(panel: Axes, curves: pd.DataFrame, styles: dict[str, looks.Look]) -> None:
    shown = curves[(curves["method"] == next(iter(styles))) | (curves["model"] == "student")]
    for (method, model), lines in shown[shown["curve"] == "sparsification"].groupby(["method", "model"], sort=False):
        line = lines.groupby("x")["y"].mean()
        panel.plot(
            line.index,
            line,
            linestyle=LINES[str(model)],
            linewidth=1.3,
            label=f"{looks.label(str(method))}, {model}",
            # Every fifth point has the marker of the method.
            **styles[str(method)],
            markersize=3.5,
            markevery=5,
        )
    oracle = curves[curves["curve"] == "oracle"].groupby("x")["y"].mean()
    panel.plot(oracle.index, oracle, color="black", linewidth=0.8, label="set aside by true error")
    panel.axhline(1, color="black", linewidth=0.6, linestyle="--")
    panel.set(xlabel="fraction of predictions set aside", ylim=(0, None))
    panel.set_ylabel("RMSE of the rest,\nrelative to that of all")


def _plot_shares(panel: Axes, curves: pd.DataFrame, styles: dict[str, looks.Look]) -> None:
    reduction = 1 - curves.groupby(["method", "model", "seed", "curve"], sort=False)["y"].mean().unstack("curve")
    share = (reduction["sparsification"] / reduction["oracle"]).replace([np.inf, -np.inf], np.nan)
    kinds = list(curves[["method", "model"]].drop_duplicates().itertuples(index=False, name=None))
    for place, (method, model) in enumerate(kinds):
        rows.plot_points(panel, share.loc[(method, model)], place, styles[method], filled=model != "ensemble")
    rows.label_rows(panel, [f"{looks.label(method)}, {model}" for method, model in kinds])
    panel.axvline(0, color="black", linewidth=0.6, linestyle="--")
    panel.set_xlabel("share of the best possible\nreduction of the RMSE")
