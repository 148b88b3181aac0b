"""Variability of attribution maps over the seeds of students and of members.

The poster shows it in its section "Attribution analysis: DeepSTARR".
"""

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from degu.figures import looks, style

# The width of a panel's title and the height of its vertical label, in inches, beside those of the panels around it.
ROOM, HEIGHT = 2.2, 1.9
TICKS = 3


def draw(sequences: pd.DataFrame, units: Mapping[str, str], title: str) -> Figure:
    """Draw one panel for each target, method and head, with one point for each sequence: students against members.

    Parameters
    ----------
    sequences
        The table `sequences` of `degu.attribution.comparison.Comparison`.
    units
        The units of the targets, which are those of the contributions to all heads but a profile.
    title
        The title of the figure.
    """
    columns = ["target", "method", "head"]
    keys: list[tuple[str, str, str]] = list(sequences[columns].drop_duplicates().itertuples(index=False, name=None))
    figure, panels = style.grid(keys)
    for key, panel in panels.items():
        own = sequences[(sequences[columns] == list(key)).all(axis=1)]
        panel.scatter(own["member"], own["student"], s=5, color=looks.COLORS["student"], alpha=0.5, linewidth=0)
        style.identity_line(panel)
        # Small numbers have long labels, of which no more have room beside each other.
        panel.locator_params(axis="x", nbins=TICKS)
        below = (own["student"] < own["member"]).mean()
        style.set_panel_title(
            panel, f"{looks.label(key[1])}\n{key[2]} of {key[0]}: {100 * below:.0f} % below", room=ROOM
        )
        unit = looks.unit_of_maps(key[2], units.get(key[0]))
        panel.set_xlabel(style.with_unit("std of maps over members", unit))
        words = style.with_unit("std of maps over students", unit)
        style.set_vertical_label(panel, words, room=HEIGHT)
    style.set_title(figure, title)
    return figure
