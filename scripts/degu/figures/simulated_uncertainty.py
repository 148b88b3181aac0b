"""Predicted uncertainties against what only a simulator knows: the true noise and the true error of the mean."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.data.correlation import pearson
from degu.evaluation.accuracy import spearman
from degu.figures import looks, style

# The number of bins of equally many sequences whose means are drawn.
BINS = 10
COLUMNS = 5


def draw(predictions: pd.DataFrame, unit: str, title: str) -> Figure:
    """Draw two panels for each method, one above the other.

    The upper one shows the predicted aleatoric std against the true noise std, the lower one the true error of the mean
    against the predicted epistemic std.

    Parameters
    ----------
    predictions
        The predictions of `degu.uncertainty.assessment` on a simulated assay, with the column `method`. Those of
        ensembles and students are drawn.
    unit
        The unit of the activity; empty if there is none.
    title
        The title of the figure.
    """
    chosen = predictions[predictions["model"] != "member"]
    methods = list(dict.fromkeys(chosen["method"]))
    columns = min(COLUMNS, len(methods))
    figure, axes = style.panels(2 * -(-len(methods) // columns), columns)
    for panel in axes.flat:
        panel.set_axis_off()
    for index, method in enumerate(methods):
        row, column = divmod(index, columns)
        own = chosen[chosen["method"] == method]
        _noise(axes[2 * row, column], own, unit, method)
        _error(axes[2 * row + 1, column], own, unit, method)
    style.set_title(figure, title)
    return figure


def _noise(panel: Axes, rows: pd.DataFrame, unit: str, method: str) -> None:
    """Draw the predicted aleatoric std of each sequence against its true noise std."""
    if "aleatoric" not in rows or rows["aleatoric"].isna().all():
        style.set_panel_title(panel, f"{looks.label(method)}\nno aleatoric head")
        return
    panel.set_axis_on()
    panel.scatter(
        rows["truth_noise_std"], rows["aleatoric"], s=5, color=looks.COLORS["aleatoric"], alpha=0.5, linewidth=0
    )
    correlation = pearson(rows["aleatoric"].to_numpy(), rows["truth_noise_std"].to_numpy())
    style.set_panel_title(panel, f"{looks.label(method)}\nPearson r = {correlation:.2f}")
    panel.set_xlabel(style.with_unit("true noise std of one replicate", unit))
    panel.set_ylabel(style.with_unit("predicted aleatoric std", unit))
    panel.set(ylim=(0, None), xlim=(0, None))


def _error(panel: Axes, rows: pd.DataFrame, unit: str, method: str) -> None:
    """Draw the true error of each predicted mean against the predicted epistemic std, and the means within bins."""
    if "epistemic" not in rows or rows["epistemic"].isna().all():
        style.set_panel_title(panel, f"{looks.label(method)}\nno epistemic uncertainty")
        return
    panel.set_axis_on()
    error = (rows["mean"] - rows["truth_mean"]).abs()
    panel.scatter(rows["epistemic"], error, s=5, color=looks.COLORS["epistemic"], alpha=0.4, linewidth=0)
    bins = pd.qcut(rows["epistemic"], BINS, duplicates="drop")
    means = pd.DataFrame({"epistemic": rows["epistemic"], "error": error}).groupby(bins, observed=True).mean()
    panel.plot(means["epistemic"], means["error"], "o-", color="black", markersize=3, linewidth=1)
    correlation = spearman(rows["epistemic"].to_numpy(), error.to_numpy())
    style.set_panel_title(panel, f"{looks.label(method)}\nSpearman r = {correlation:.2f}")
    panel.set_xlabel(style.with_unit("predicted epistemic std", unit))
    panel.set_ylabel(style.with_unit("true error of the mean", unit))
    panel.set_ylim(bottom=0)
