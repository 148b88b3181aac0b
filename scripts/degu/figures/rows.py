"""Panels with one row for each thing that is compared, and points along the row."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from degu.figures.looks import Look

# The height of a row with one line of text, in inches.
HEIGHT = 0.2
# Values that are no further than this from the middle half of the rows always have a place on their axis.
NEAR = 0.2
# Arrows are drawn above the line at the end of the axis, which would cut them.
ABOVE = 3


def label_rows(panel: Axes, labels: Sequence[str]) -> None:
    """Name the rows of a panel from top to bottom, and separate them by thin lines."""
    panel.set_yticks(range(len(labels)), labels, fontsize=7)
    panel.set_ylim(len(labels) - 0.5, -0.5)
    for place in range(1, len(labels)):
        panel.axhline(place - 0.5, color="#DDDDDD", linewidth=0.6, zorder=0)


def ends_of_axis(rows: Iterable[ArrayLike], shown: Sequence[float] = ()) -> tuple[float, float]:
    """Return the ends of an axis with room for all values but the few that would take most of it.

    Left out are values, and means of rows, that lie further from the middle half of the medians of the rows than 1.5
    times its width, and further than `NEAR`. `plot_points` draws them as arrows.

    Parameters
    ----------
    rows
        The values of each row, of which NaN and infinite ones count for nothing.
    shown
        What the axis shows in any case, such as a nominal level.
    """
    known = [own[np.isfinite(own)] for own in (np.asarray(values, dtype=float) for values in rows)]
    known = [own for own in known if own.size]
    if not known:
        return 0.0, 1.0
    low, high = np.quantile([np.median(own) for own in known], [0.25, 0.75])
    reach = max(NEAR, 1.5 * (high - low))
    every = np.concatenate([*known, [own.mean() for own in known]])
    every = np.append(every[(every >= low - reach) & (every <= high + reach)], shown)
    # Points have a size.
    margin = 0.04 * max(np.ptp(every), 0.1)
    return float(every.min() - margin), float(every.max() + margin)


def plot_points(
    panel: Axes,
    values: Sequence[float],
    place: float,
    look: Look,
    *,
    limits: tuple[float, float] = (-np.inf, np.inf),
    filled: bool = True,
    label: str | None = None,
    numbered: bool = True,
) -> None:
    """Draw the mean of some values as a large point in a row, and each value as a small one if there are several.

    Parameters
    ----------
    panel, values, place
        The panel, the values, and the row, which may lie between two.
    look
        Colour and marker.
    limits
        The ends of the horizontal axis. A mean beyond an end is an arrow there with its number beside it, a single
        value beyond it a small arrow.
    filled
        Whether the large point is filled.
    label
        The words in the legend.
    numbered
        Whether an arrow has its number beside it; `write_numbers` writes those of several arrows in one.
    """
    known = np.asarray(values, dtype=float)
    known = known[~np.isnan(known)]
    if not known.size:
        return
    style: dict[str, Any] = {**look, "linestyle": "", "fillstyle": "full" if filled else "none", "label": label}
    mean, (low, high) = known.mean(), limits
    if low <= mean <= high:
        panel.plot(mean, place, markersize=5, **style)
    else:
        edge, marker = (low, "<") if mean < low else (high, ">")
        panel.plot(edge, place, **{**style, "marker": marker}, markersize=5, clip_on=False, zorder=ABOVE)
        if numbered:
            write_numbers(panel, {place: float(mean)}, limits)
    if known.size > 1:
        ends = np.clip(known, low, high)
        for marker, chosen in ((".", ends == known), ("<", known < low), (">", known > high)):
            if chosen.any():
                heights = np.full(chosen.sum(), place)
                (small,) = panel.plot(ends[chosen], heights, marker, color=look["color"], markersize=3, alpha=0.45)
                small.set(clip_on=marker == ".", zorder=small.get_zorder() if marker == "." else ABOVE)


def write_numbers(panel: Axes, values: Mapping[float, float], limits: tuple[float, float]) -> None:
    """Write the numbers of the arrows of one row beside them: one text at each end of the axis.

    Parameters
    ----------
    panel, limits
        The panel, and the ends of its horizontal axis.
    values
        The values by their places in the row; those within the axis are left out.
    """
    low, high = limits
    for edge, side, beyond in (
        (low, "left", {place: value for place, value in values.items() if value < low}),
        (high, "right", {place: value for place, value in values.items() if value > high}),
    ):
        if not beyond:
            continue
        numbers = dict.fromkeys(f"{value:.2g}" for value in sorted(beyond.values()))
        panel.annotate(
            " to ".join(dict.fromkeys((next(iter(numbers)), next(reversed(numbers))))),
            (edge, float(np.mean(list(beyond)))),
            xytext=(6 if side == "left" else -6, 0),
            textcoords="offset points",
            ha=side,
            va="center",
            fontsize=6,
        )
