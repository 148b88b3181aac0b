"""The effect of every single substitution in a sequence, with its uncertainty: a logo and heat maps."""

from collections.abc import Mapping, Sequence
from functools import partial

import logomaker
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from degu.figures import style
from degu.figures.attribution_logos import BASES

# A line of panels shows this number of bases at most, so that their letters can be read.
MOST_BASES = 100
# Sizes in inches: of a base, of the narrowest panels, of what stands beside them and between two lines, and of the
# panels of a line by what they show.
_BASE, _NARROWEST, _BESIDE, _BETWEEN = 0.085, 4.0, 1.6, 0.35
_HEIGHTS = {"logo": 1.0, "effect": 0.8, "effect_std": 0.8}
_COLORS = {"effect": "RdBu_r", "effect_std": "viridis"}
_TITLES = {"effect": "effect of each substitution", "effect_std": "epistemic std of the effect"}
_BARS = {"effect": "effect", "effect_std": "std"}
# Neither scale of colours has this grey.
_REFERENCE = ListedColormap(["#BBBBBB"])
# Letters in points.
_SMALL = 7


def draw(table: pd.DataFrame, units: Mapping[str, str], title: str) -> Figure:
    """Draw a logo and heat maps for each target, in several lines for a long sequence.

    A letter of the logo is as high as the activity that is lost on average when its base is changed. A heat map has a
    row for each base that it is changed to; the base of the sequence itself is grey.

    Parameters
    ----------
    table
        The rows of `degu saturate` of one sequence, with the columns `position`, `ref`, `alt`, `target` and `effect`.
        The heat map of the uncertainty is left out without `effect_std`, and the dots without `effect_lower` and
        `effect_upper`.
    units
        Unit of each target; empty if there is none.
    title
        The title of the figure.
    """
    from matplotlib import pyplot as plt

    shown = ["logo", *(kind for kind in _COLORS if kind in table)]
    lines = _lines(table["position"].min(), table["position"].max())
    targets = list(dict.fromkeys(table["target"]))
    heights = [_HEIGHTS[kind] for kind in shown] * len(lines) * len(targets)
    bases = lines[0][1] - lines[0][0]
    size = (max(_BASE * bases, _NARROWEST) + _BESIDE, sum(heights) + _BETWEEN * len(lines) * len(targets) + 0.4)
    figure, axes = plt.subplots(len(heights), 1, figsize=size, squeeze=False, height_ratios=heights)
    rows = axes.reshape(len(targets), len(lines), len(shown))
    for target, panels in zip(targets, rows, strict=True):
        own, unit = table[table["target"] == target], units.get(target, "")
        named = f"{target}: " if len(targets) > 1 else ""
        _draw_logos(own, lines, list(panels[:, 0]), f"{named}activity that is lost when the base is changed, mean of 3")
        for panel in panels[:, 0]:
            panel.set_ylabel(style.with_unit("mean loss", unit), fontsize=_SMALL)
        for place, kind in enumerate(shown[1:], 1):
            images = _draw_heat_maps(own, kind, lines, list(panels[:, place]), named)
            for image, panel in zip(images, panels[:, place], strict=True):
                bar = figure.colorbar(image, ax=panel, pad=0.01, fraction=0.03, aspect=6)
                bar.set_label(style.with_unit(_BARS[kind], unit), fontsize=_SMALL)
                bar.ax.tick_params(labelsize=_SMALL - 1, length=2)
                bar.locator = MaxNLocator(3)
        for panel in panels[:, :-1].flat:
            panel.tick_params(labelbottom=False)
        for panel in panels[:, -1]:
            panel.set_xlabel("position [bp]", fontsize=_SMALL)
    style.set_title(figure, title)
    return figure


def _lines(first: int, last: int) -> list[tuple[int, int]]:
    """Return the first position of each line and the one behind its last; all lines are of one length."""
    number = -(-(last - first + 1) // MOST_BASES)
    length = -(-(last - first + 1) // number)
    return [(first + length * line, first + length * (line + 1)) for line in range(number)]


def _draw_logos(table: pd.DataFrame, lines: Sequence[tuple[int, int]], panels: Sequence[Axes], title: str) -> None:
    means = -table.groupby(["position", "ref"])["effect"].mean().unstack().reindex(columns=list(BASES))
    heights = means.reindex(range(lines[0][0], lines[-1][1])).fillna(0.0)
    low, high = min(heights.min().min(), 0), max(heights.max().max(), 0)
    margin = 0.05 * (high - low) or 1.0
    for (start, end), panel in zip(lines, panels, strict=True):
        logomaker.Logo(heights.loc[start : end - 1], ax=panel, color_scheme=BASES, show_spines=False)
        panel.spines["left"].set_visible(True)
        panel.axhline(0, color="black", linewidth=0.5)
        panel.set(xlim=(start - 0.5, end - 0.5), ylim=(low - margin, high + margin), xticks=[])
        panel.set_title(title, loc="left", fontsize=_SMALL, pad=2)
        panel.tick_params(labelsize=_SMALL - 1)


def _draw_heat_maps(
    table: pd.DataFrame, kind: str, lines: Sequence[tuple[int, int]], panels: Sequence[Axes], named: str
) -> list[AxesImage]:
    """Draw one column of the table in a heat map for each line; all have one scale of colours."""
    positions = range(lines[0][0], lines[-1][1])
    values = table.pivot_table(index="alt", columns="position", values=kind).reindex(list(BASES), columns=positions)
    known = table.groupby("position")["ref"].first().reindex(positions)
    reference = np.where(known.to_numpy() == np.array(list(BASES))[:, None], 1.0, np.nan)
    most = float(table[kind].abs().max()) or 1.0
    dotted = kind == "effect" and "effect_lower" in table
    title = f"{named}{_TITLES[kind]}{'; a dot marks an interval without 0' if dotted else ''}"
    images = []
    for (start, end), panel in zip(lines, panels, strict=True):
        columns, extent = slice(start - lines[0][0], end - lines[0][0]), (start - 0.5, end - 0.5, 3.5, -0.5)
        draw = partial(panel.imshow, aspect="auto", extent=extent, interpolation="nearest")
        draw(reference[:, columns], cmap=_REFERENCE)
        low = -most if kind == "effect" else 0.0
        images.append(draw(values.to_numpy()[:, columns], cmap=_COLORS[kind], vmin=low, vmax=most))
        if dotted:
            _draw_dots(table[table["position"].between(start, end - 1)], panel)
        panel.set_yticks(range(4), list(BASES))
        panel.set_ylabel("changed to", fontsize=_SMALL)
        panel.xaxis.set_major_locator(MaxNLocator(10, integer=True))
        panel.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        panel.tick_params(labelsize=_SMALL - 1, length=2)
        panel.set_title(title, loc="left", fontsize=_SMALL, pad=2)
        panel.spines[:].set_visible(False)
    return images


def _draw_dots(table: pd.DataFrame, panel: Axes) -> None:
    """Mark the substitutions whose interval does not hold 0."""
    certain = table[(table["effect_lower"] > 0) | (table["effect_upper"] < 0)]
    rows = certain["alt"].map({base: row for row, base in enumerate(BASES)})
    # Some cells are dark, and others light.
    panel.plot(certain["position"], rows, ".", color="black", markersize=3.2, mec="white", markeredgewidth=0.4)
