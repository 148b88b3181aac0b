"""Predicted against measured values on the test split."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.figures import looks, style
from degu.figures.log_axis import LogTicks

# The columns on the horizontal and vertical axis of each panel, and the labels of both axes.
PANELS = {
    ("measured", "ensemble_mean"): ("measured activity", "ensemble mean"),
    ("measured", "student_mean"): ("measured activity", "student's activity"),
    ("ensemble_mean", "student_mean"): ("ensemble mean", "student's activity"),
    ("ensemble_epistemic", "student_epistemic"): ("std over members", "student's epistemic std"),
    ("replicate_std", "student_aleatoric"): ("std over replicates", "student's aleatoric std"),
    ("replicate_std", "student_replicate_std"): ("std over replicates", "student's replicate std"),
    ("truth_noise_std", "student_aleatoric"): ("true noise std", "student's aleatoric std"),
    ("truth_noise_std", "student_replicate_std"): ("true noise std", "student's replicate std"),
}

_COLUMNS = 3


def draw(predictions: pd.DataFrame, units: Mapping[str, str], title: str) -> Figure:
    """Draw the panels of each target, one target below another.

    They show the ensemble and the first student against measured values, and the student against the ensemble.

    Parameters
    ----------
    predictions
        The table of `degu.evaluation.accuracy.tabulate_test_predictions`.
    units
        The units of the targets, by their names.
    title
        The title of the figure.
    """
    first = predictions[predictions["seed"] == predictions["seed"].min()]
    pairs = [pair for pair in PANELS if set(pair) <= set(first.columns)]
    if "student_replicate_std" in first:
        # Beside a head for the std over replicates, the aleatoric head is the noise about the predictions.
        pairs = [pair for pair in pairs if pair[1] != "student_aleatoric"]
    targets = list(first["target"].unique())
    lines = -(-len(pairs) // _COLUMNS)
    figure, axes = style.panels(lines * len(targets), _COLUMNS)
    for target, panels in zip(targets, axes.reshape(len(targets), -1), strict=True):
        rows = first[first["target"] == target]
        unit = units.get(target)
        for pair, panel in zip(pairs, panels, strict=False):
            _scatter(panel, rows[pair[0]].to_numpy(), rows[pair[1]].to_numpy())
            horizontal, vertical = PANELS[pair]
            panel.set_xlabel(style.with_unit(horizontal, unit))
            style.set_vertical_label(panel, style.with_unit(vertical, unit))
        for panel in panels[len(pairs) :]:
            panel.set_axis_off()
        panels[0].set_title(target, loc="left", fontweight="bold")
    style.set_title(figure, title)
    return figure


def _scatter(axes: Axes, horizontal: np.ndarray, vertical: np.ndarray) -> None:
    """Draw one point for each sequence (a density from 3,000 sequences on), the identity and the correlation."""
    low = float(min(horizontal.min(), vertical.min()))
    high = float(max(horizontal.max(), vertical.max()))
    if len(horizontal) < 3000:
        axes.scatter(horizontal, vertical, s=4, alpha=0.35, linewidth=0, color=looks.COLORS["student"])
    else:
        density = axes.hexbin(
            horizontal, vertical, gridsize=45, bins="log", cmap="viridis", mincnt=1, extent=(low, high) * 2
        )
        bar = axes.figure.colorbar(density, ax=axes, label="sequences (log scale)", ticks=LogTicks(), format="%g")
        bar.minorticks_off()
    margin = 0.03 * (high - low)
    axes.set(xlim=(low - margin, high + margin), ylim=(low - margin, high + margin))
    style.identity_line(axes)
    correlation = np.corrcoef(horizontal, vertical)[0, 1]
    axes.set_title(f"r = {correlation:.2f}", loc="right", fontsize=8)
