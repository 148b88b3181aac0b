"""Attribution maps as sequence logos."""

from collections.abc import Mapping

import logomaker
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from degu.figures import style

# Colours of Okabe and Ito that are near the customary colours of the bases.
BASES = {"A": "#009E73", "C": "#0072B2", "G": "#E69F00", "T": "#D55E00"}
_HEIGHT = 0.95
# In inches: letters can be read at this width of a base, up to the widest figure.
_WIDTH, _WIDEST, _BASE = 9.0, 60.0, 0.045


def draw(
    logos: Mapping[str, Mapping[str, np.ndarray]],
    units: Mapping[str, Mapping[str, str]],
    title: str,
    *,
    first: int = 0,
    position: str = "position",
) -> Figure:
    """Draw one logo a row, for each sequence and each of its maps.

    Parameters
    ----------
    logos
        By the label of a sequence and the name of a map, the contributions of the bases of the sequence, (L, 4), which
        are zero for all other bases.
    units
        By the same label and name, the unit of the contributions; empty if there is none. The vertical label says the
        unit that all maps share. If they have several, the title of each panel says its own.
    title
        The title of the figure.
    first
        The position of the first base.
    position
        What the positions are, which are counted in bases.
    """
    from matplotlib import pyplot as plt

    rows = [(sequence, name, values) for sequence, maps in logos.items() for name, values in maps.items()]
    known = {units[sequence][name] for sequence, name, _ in rows}
    figure, axes = plt.subplots(
        len(rows), 1, figsize=(width_of(len(rows[0][2])), _HEIGHT * len(rows) + 0.5), squeeze=False, sharex=True
    )
    for (sequence, name, values), panel in zip(rows, axes[:, 0], strict=True):
        heights = pd.DataFrame(values, columns=list(BASES), index=range(first, first + len(values)))
        if values.any():
            logomaker.Logo(heights, ax=panel, color_scheme=BASES, show_spines=False)
        else:
            # A logo of zeros has no height to be drawn in.
            panel.text(0.5, 0.6, "all contributions are 0", transform=panel.transAxes, ha="center", fontsize=7)
            panel.set_yticks([0])
            panel.spines[["top", "right", "bottom"]].set_visible(False)
        panel.spines["left"].set_visible(True)
        panel.axhline(0, color="black", linewidth=0.5)
        own = units[sequence][name] if len(known) > 1 else ""
        panel.set_title(f"{sequence}: {name}{f' [{own}]' if own else ''}", loc="left", fontsize=7, pad=2)
        panel.tick_params(labelsize=6)
    # Before this, logomaker has joined the limits of each logo with those of an empty panel, which are 0 and 1.
    axes[-1, 0].set_xlim(first - 0.5, first + max(len(values) for *_, values in rows) - 0.5)
    # Positions in a genome are written in full, and not as a distance from some large number.
    axes[-1, 0].xaxis.set_major_locator(MaxNLocator("auto", integer=True, steps=[1, 2, 5, 10]))
    axes[-1, 0].xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes[-1, 0].set_xlabel(f"{position} [bp]")
    figure.supylabel(style.with_unit("contribution", known.pop() if len(known) == 1 else ""), fontsize=8)
    style.set_title(figure, title)
    return figure


def width_of(length: int) -> float:
    """Return the width, in inches, at which the letters of a sequence can be read, within limits."""
    return min(max(_WIDTH, _BASE * length), _WIDEST)
