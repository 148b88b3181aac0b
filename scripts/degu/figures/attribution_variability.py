"""Variability of attribution maps over the seeds of students and of members.

The poster shows it in its section "Attribution analysis: DeepSTARR".
"""

import pandas as pd
from matplotlib.figure import Figure

from degu.figures import looks, style


def draw(sequences: pd.DataFrame, title: str) -> Figure:
    """Draw one panel for each target, method and head, with one point for each sequence: students against members.

    Parameters
    ----------
    sequences
        The table `sequences` of `degu.attribution.comparison.Comparison`.
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
        below = (own["student"] < own["member"]).mean()
        style.set_panel_title(panel, f"{looks.label(key[1])}\n{key[2]} of {key[0]}: {100 * below:.0f} % below")
        panel.set_xlabel("std of maps over members")
        panel.set_ylabel("std of maps over students")
    style.set_title(figure, title)
    return figure
