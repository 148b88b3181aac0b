"""Attribution maps as sequence logos."""

from collections.abc import Mapping

import logomaker
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from degu.figures import style

# Colours of Okabe and Ito that are near the customary colours of the bases.
BASES = {"A": "#009E73", "C": "#0072B2", "G": "#E69F00", "T": "#D55E00"}
_HEIGHT = 0.95
_WIDTH = 9.0


def draw(logos: Mapping[str, Mapping[str, np.ndarray]], unit: str, title: str) -> Figure:
    """Draw one logo a row, for each sequence and each of its maps.

    Parameters
    ----------
    logos
        By the label of a sequence and the name of a map, the contributions of the bases of the sequence, (L, 4), which
        are zero for all other bases.
    unit
        The unit of the contributions; empty if there is none.
    title
        The title of the figure.
    """
    from matplotlib import pyplot as plt

    rows = [(sequence, name, values) for sequence, maps in logos.items() for name, values in maps.items()]
    figure, axes = plt.subplots(len(rows), 1, figsize=(_WIDTH, _HEIGHT * len(rows) + 0.5), squeeze=False, sharex=True)
    for (sequence, name, values), panel in zip(rows, axes[:, 0], strict=True):
        logomaker.Logo(pd.DataFrame(values, columns=list(BASES)), ax=panel, color_scheme=BASES, show_spines=False)
        panel.spines["left"].set_visible(True)
        panel.axhline(0, color="black", linewidth=0.5)
        panel.set_title(f"{sequence}: {name}", loc="left", fontsize=7, pad=2)
        panel.tick_params(labelsize=6)
    axes[-1, 0].set_xlabel("position [bp]")
    figure.supylabel(style.with_unit("contribution", unit), fontsize=8)
    style.set_title(figure, title)
    return figure
