"""The ladder of shifts: error, uncertainty and coverage of each kind of model, from no shift to the largest one."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.figures import looks, style
from degu.shift.references import best_reference

_PANEL = (1.75, 1.75)
_WIDTH = 24


class Row(NamedTuple):
    """One row of panels: what is drawn, the label of its axis, and where a dashed line is drawn."""

    metric: str
    uncertainty: str
    recalibration: str
    reference: str
    label: str
    line: float | None = None


def rows_of(scores: pd.DataFrame, reference: str, unit: str) -> list[Row]:
    """Return the rows of panels for which a table has scores."""
    known = [
        Row("rmse", "", "", reference, style.with_unit("root mean\nsquared error", unit)),
        Row("mean_std", "epistemic", "", "", style.with_unit("mean epistemic std", unit)),
        Row("auroc_of_large_errors", "epistemic", "", reference, "AUROC of epistemic std\nfor large errors", 0.5),
        Row("coverage", "total", "std_scaling", "measured", "coverage of 95 %\nintervals", 0.95),
    ]
    return [row for row in known if row.metric == "rmse" or len(_chosen(scores, row))]


def draw(scores: pd.DataFrame, words: Mapping[str, str], units: Mapping[str, str], title: str) -> Figure:
    """Draw one column of panels for each shift that has words, and for each target the rows of `rows_of`.

    Points are means over the models of a kind, and bars span their 2.5th to 97.5th percentile.

    Parameters
    ----------
    scores
        The scores of `degu.shift.assessment`, of an ensemble and of its students.
    words
        What the levels of each shift are, by its name.
    units
        The units of the targets, by their names.
    title
        The title of the figure.
    """
    scores = scores[scores["shift"].isin(list(words))]
    reference, shifts = best_reference(scores["reference"]), list(dict.fromkeys(scores["shift"]))
    targets = list(dict.fromkeys(scores["target"]))
    rows = [(target, row) for target in targets for row in rows_of(scores, reference, units.get(target, ""))]
    figure, axes = style.panels(len(rows), len(shifts), sharey="row", panel=_PANEL)
    for (target, row), panels in zip(rows, axes, strict=True):
        for shift, panel in zip(shifts, panels, strict=True):
            own = scores[(scores["shift"] == shift) & (scores["target"] == target)]
            _plot(panel, _chosen(own, row))
            _label_rungs(panel, own.drop_duplicates("rung").sort_values("rung")["level"].tolist())
            if row.line is not None:
                panel.axhline(row.line, color="black", linewidth=0.6, linestyle="--")
        several = f"{target}\n" if len(targets) > 1 else ""
        panels[0].set_ylabel(f"{several}{row.label}", fontsize=7)
    for shift, panel, last in zip(shifts, axes[0], axes[-1], strict=True):
        style.set_panel_title(panel, looks.label(shift))
        last.set_xlabel(textwrap.fill(words[shift], _WIDTH), fontsize=7)
    style.shared_legend(figure, axes.flat)
    style.set_title(figure, title)
    return figure


def _chosen(scores: pd.DataFrame, row: Row) -> pd.DataFrame:
    metric = "mse" if row.metric == "rmse" else row.metric
    kinds = scores[["uncertainty", "recalibration", "reference"]].fillna("")
    same = kinds.eq([row.uncertainty, row.recalibration, row.reference]).all(axis=1)
    chosen = scores[same & (scores["metric"] == metric)]
    return chosen.assign(value=np.sqrt(chosen["value"])) if row.metric == "rmse" else chosen


def _plot(panel: Axes, scores: pd.DataFrame) -> None:
    """Draw a line for each kind of model, with bars over its models."""
    for place, model in enumerate(model for model in looks.ORDER if model in set(scores["model"])):
        values = scores[scores["model"] == model].groupby("rung")["value"]
        mean = values.mean()
        ends = np.abs(np.stack([values.quantile(0.025), values.quantile(0.975)]) - mean.to_numpy())
        panel.errorbar(
            mean.index + 0.08 * (place - 1),
            mean,
            yerr=ends,
            color=looks.COLORS[model],
            marker=looks.MARKERS[model],
            markersize=3.5,
            linewidth=1,
            elinewidth=0.8,
            label=looks.label(model),
        )


def _label_rungs(panel: Axes, levels: Sequence[float]) -> None:
    """Write the level at each rung."""
    panel.set_xticks(range(len(levels)), ["none", *(f"{level:g}" for level in levels[1:])], rotation=60, fontsize=6)
    panel.tick_params(axis="y", labelsize=6)
