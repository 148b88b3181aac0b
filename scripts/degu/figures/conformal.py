"""Coverage and width of conformal intervals, by conformal method and predicting method."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.figures import looks, rows, style
from degu.figures.log_axis import set_log_scale
from degu.uncertainty.coverage import binomial_band

# Coverages that are further below the nominal level are drawn as arrows, so that the others can be told apart.
ROOM = 0.2
# The width of a panel, and the distance between two points of a row, in inches.
WIDTH, DISTANCE = 3.2, 0.07


def draw(
    conformal: pd.DataFrame, level: float, numbers: Mapping[str, int], units: Mapping[str, str], title: str
) -> Figure:
    """Draw two panels for each target, with one row for each conformal method and one point for each predicting method.

    The left one shows the coverage, the right one the mean width of the intervals. Points are means over seeds, for
    ensembles and students. The grey band is where the coverage of a valid method lies with a probability of 99 %.

    Parameters
    ----------
    conformal
        The table of `degu.uncertainty.assessment`, with the columns `method` (which model predicts) and `conformal`
        (which conformal method makes the intervals).
    level
        The nominal level of the intervals that are drawn.
    numbers
        The numbers of `calibration` and `test` rows, from which the band of a valid method's coverage follows.
    units
        The units of the targets, by their names.
    title
        The title of the figure.
    """
    means = _means(conformal, level)
    styles, names = looks.method_styles(means["method"]), list(dict.fromkeys(means["name"]))
    unit_of = {target: units.get(target, "") for target in conformal["target"]}
    height = max(rows.HEIGHT, DISTANCE * (len(styles) + 1)) * len(names) + 0.8
    figure, axes = style.panels(len(unit_of), 2, sharey=True, panel=(WIDTH, height))
    for target, (coverage, width) in zip(unit_of, axes, strict=True):
        own = means[means["target"] == target]
        _plot(coverage, own, "coverage", (level - ROOM, 1.0), styles)
        coverage.axvspan(
            *binomial_band(numbers["test"], level, calibration_rows=numbers["calibration"]), color="#DDDDDD", zorder=0
        )
        coverage.axvline(level, color="black", linewidth=0.6, linestyle="--")
        coverage.set(xlim=(level - ROOM, 1.005), ylabel="conformal method")
        coverage.set_xlabel(f"coverage of {100 * level:g} % intervals")
        # Targets of one unit share an axis.
        alike = means[means["target"].map(unit_of) == unit_of[target]]
        limits = _ends(alike["width"])
        set_log_scale(width, "x")
        width.set_xlim(limits)
        _plot(width, own, "width", limits, styles)
        width.set_xlabel(style.with_unit("mean width of intervals (log scale)", unit_of[target]))
        for panel in (coverage, width):
            style.set_panel_title(panel, target)
            rows.label_rows(panel, names)
    style.shared_legend(figure, axes.flat)
    style.set_title(figure, title)
    return figure


def _means(conformal: pd.DataFrame, level: float) -> pd.DataFrame:
    """Return the means over seeds; on shifted rows, those of the methods that the shift breaks and that repair it."""
    chosen = conformal[np.isclose(conformal["level"], level) & (conformal["model"] != "member")]
    means = chosen.groupby(["target", "method", "conformal", "population"], sort=False)[["coverage", "width"]].mean()
    means = means.reset_index()
    means["name"] = means["conformal"].map(looks.label) + means["population"].map({"test": "", "shifted": ", GC shift"})
    return means[(means["population"] == "test") | means["conformal"].isin(["split", "weighted"])]


def _plot(
    panel: Axes, means: pd.DataFrame, column: str, limits: tuple[float, float], styles: Mapping[str, looks.Look]
) -> None:
    """Draw the points of each row side by side, from top to bottom in the order of the methods."""
    offsets = dict(zip(styles, np.linspace(-0.4, 0.4, len(styles) + 2)[1:-1], strict=True))
    places = {name: place for place, name in enumerate(dict.fromkeys(means["name"]))}
    shown: dict[str, dict[float, float]] = {name: {} for name in places}
    for method, look in styles.items():
        own = means[means["method"] == method]
        panel.plot([], [], linestyle="", label=looks.label(method), **look)
        for name, value in zip(own["name"], own[column], strict=True):
            place = places[name] + offsets[method]
            rows.plot_points(panel, [value], place, look, limits=limits, numbered=False)
            shown[name][place] = value
    for values in shown.values():
        rows.write_numbers(panel, values, limits)


def _ends(widths: pd.Series) -> tuple[float, float]:
    """Return the ends of an axis that has room for all finite widths."""
    finite = widths[np.isfinite(widths) & (widths > 0)]
    return (0.9 * finite.min(), 1.1 * finite.max()) if len(finite) else (0.1, 1.0)
