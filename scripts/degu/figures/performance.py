"""Accuracy of predicted activity against the amount of training data.

The poster shows it in its sections "Ensemble distribution distillation: DeepSTARR" and "Capturing aleatoric uncertainty
with lentiMPRA".
"""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from degu.figures import looks, style

# The width and height of one panel, in inches, of which title and legend take their part.
PANEL = (3.2, 3.6)


def draw(scores: pd.DataFrame, title: str) -> Figure:
    """Draw one panel for each target and teacher: Pearson correlation with measured activity on the test split.

    Parameters
    ----------
    scores
        The tidy scores of one data set.
    title
        The name of the data set.
    """
    rows = scores[
        (scores["split"] == "test")
        & (scores["head"] == "mean")
        & (scores["reference"] == "measured")
        & (scores["metric"] == "pearson")
    ]
    floor = rows[rows["model"] == "kmer_ridge"]
    targets = list(rows["target"].unique())
    teachers = list(rows.loc[rows["model"] == "member", "teacher"].unique())
    figure, axes = style.panels(len(targets), len(teachers), sharey="row", sharex=True, panel=PANEL)
    for target, panels in zip(targets, axes, strict=True):
        for teacher, panel in zip(teachers, panels, strict=True):
            chosen = pd.concat([floor, rows[rows["teacher"] == teacher]])
            style.plot_against_fraction(panel, chosen[chosen["target"] == target])
            style.set_panel_title(panel, f"{looks.label(teacher)}\n{target}")
        panels[0].yaxis.set_major_locator(MaxNLocator(6, min_n_ticks=3))
        panels[0].set_ylabel("Pearson correlation\nwith measured activity")
    for panel in axes[:-1].flat:
        panel.set_xlabel("")
    style.shared_legend(figure, axes.flat)
    style.set_title(figure, title)
    return figure
