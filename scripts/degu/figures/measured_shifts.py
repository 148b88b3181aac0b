"""Measured shifts: error, uncertainty and intervals of each kind of model on its own and on another data set."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.figures import looks, style
from degu.shift.judged_methods import judged_methods

_PANEL = (2.5, 2.4)
# Where models are judged, and where also what their intervals are calibrated on, from left to right.
_POPULATIONS = {"own": "own", "other": "other"}
_CALIBRATED = {
    "own by own": "own",
    "other by own": "other,\ncalibrated\non own",
    "other by other": "other,\ncalibrated\non other",
}
# The distance between kinds of models at one place.
_APART = 0.09
# The title of a row has two lines if it has more letters.
_WIDTH = 30


class Column(NamedTuple):
    """One column of panels: the table, with `place` and `value`, the places, and the label of the vertical axis."""

    table: pd.DataFrame
    places: Mapping[str, str]
    label: str
    has_unit: bool = True
    line: float | None = None


def draw(
    scores: pd.DataFrame, intervals: pd.DataFrame, titles: Mapping[str, str], units: Mapping[str, str], title: str
) -> Figure:
    """Draw one row of panels for each transfer and target: error, epistemic std, coverage and width of intervals.

    Points are means over the models of a kind, and bars span their 2.5th to 97.5th percentile.

    Parameters
    ----------
    scores, intervals
        Tables of `degu.shift.transfer_assessment`, of a teacher and of its students, with the column `transfer`.
    titles
        What each transfer is, by its name.
    units
        The units of the targets, by their names.
    title
        The title of the figure.
    """
    columns = columns_of(scores, intervals)
    keys = list(dict.fromkeys(scores[["transfer", "target"]].itertuples(index=False, name=None)))
    several = len({target for _, target in keys}) > 1
    figure, axes = style.panels(len(keys), len(columns), panel=_PANEL)
    for (transfer, target), panels in zip(keys, axes, strict=True):
        for column, panel in zip(columns, panels, strict=True):
            table = column.table
            _plot(panel, table[(table["transfer"] == transfer) & (table["target"] == target)], column.places)
            if column.line is not None:
                panel.axhline(column.line, color="black", linewidth=0.6, linestyle="--")
            label = style.with_unit(column.label, units.get(target, "") if column.has_unit else "")
            panel.set_ylabel(label, fontsize=7)
            top = panel.dataLim.ymax
            if column.has_unit and top > 0:
                # Heights from 0 on show by what factor a value changes.
                panel.set_ylim(0, 1.1 * top)
        words = f"{titles[transfer]}{f', {target}' if several else ''}"
        words = words if len(words) <= _WIDTH else style.in_two_lines(words)
        style.set_panel_title(panels[0], words, room=_PANEL[0])
    style.finish(figure, axes, "test split", title)
    return figure


def columns_of(scores: pd.DataFrame, intervals: pd.DataFrame) -> list[Column]:
    """Return the columns of panels for which the tables have values."""
    scores = scores.assign(place=scores["population"])
    errors = scores[scores["metric"] == "mse"]
    stds = scores[(scores["metric"] == "mean_std") & (scores["uncertainty"] == "epistemic")]
    conformal = judged_methods(intervals["conformal"])[0]
    # With too few calibration rows intervals are infinite.
    known = intervals[intervals["conformal"] == conformal].replace(np.inf, np.nan)
    known = known.assign(place=known["population"] + " by " + known["calibrated_on"])
    nominal = float(known["nominal"].iloc[0])
    words = f"of\n{100 * nominal:g} % intervals ({looks.label(conformal)})"
    coverages, widths = (known.assign(value=known[name]) for name in ("coverage", "width"))
    return [
        Column(errors.assign(value=np.sqrt(errors["value"])), _POPULATIONS, "root mean squared error"),
        *([Column(stds, _POPULATIONS, "mean epistemic std")] if len(stds) else []),
        Column(coverages, _CALIBRATED, f"coverage {words}", has_unit=False, line=nominal),
        Column(widths, _CALIBRATED, f"mean width {words}"),
    ]


def _plot(panel: Axes, table: pd.DataFrame, places: Mapping[str, str]) -> None:
    """Draw a line for each kind of model through the means of its values at each place, with bars over its models."""
    models = [model for model in looks.ORDER if model in set(table["model"])]
    for offset, model in enumerate(models):
        values = table[table["model"] == model].groupby("place")["value"]
        mean = values.mean()[list(places)]
        ends = np.abs(np.stack([values.quantile(end)[list(places)] for end in (0.025, 0.975)]) - mean.to_numpy())
        panel.errorbar(
            np.arange(len(places)) + _APART * (offset - (len(models) - 1) / 2),
            mean,
            yerr=ends,
            color=looks.COLORS[model],
            marker=looks.MARKERS[model],
            linestyle=looks.LINES.get(model, "-"),
            markersize=4,
            linewidth=0.9,
            elinewidth=0.8,
            label=looks.label(model),
        )
    panel.set_xticks(range(len(places)), list(places.values()), fontsize=6)
    panel.set_xlim(-0.5, len(places) - 0.5)
    panel.tick_params(axis="y", labelsize=6)
