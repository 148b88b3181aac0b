"""Panels with one row for each thing that is compared, and points along the row."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from degu.figures.looks import Look

# The height of a row with one line of text, in inches.
HEIGHT = 0.2


def label_rows(panel: Axes, labels: Sequence[str]) -> None:
    """Name the rows of a panel from top to bottom, and separate them by thin lines."""
    panel.set_yticks(range(len(labels)), labels, fontsize=7)
    panel.set_ylim(len(labels) - 0.5, -0.5)
    for place in range(1, len(labels)):
        panel.axhline(place - 0.5, color="#DDDDDD", linewidth=0.6, zorder=0)


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
        The ends of the horizontal axis. A mean beyond an end is an arrow there with its number beside it.
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
        inside = known[(known >= low) & (known <= high)]
        if known.size > 1:
            panel.plot(inside, np.full(inside.size, place), ".", color=look["color"], markersize=3, alpha=0.45)
        return
    edge, marker = (low, "<") if mean < low else (high, ">")
    panel.plot(edge, place, **{**style, "marker": marker}, markersize=5, clip_on=False)
    if numbered:
        write_numbers(panel, {place: float(mean)}, limits)


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
