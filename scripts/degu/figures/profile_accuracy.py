"""How near predicted profiles are to the counts, between what needs no network and what another replicate reaches."""

import pandas as pd
from matplotlib.figure import Figure

from degu.figures import style
from degu.figures.places import plot_at_places, without_repeats

# The metric of each column of panels, and the words of its axis.
METRICS = {
    "jensen_shannon_distance": "Jensen-Shannon distance\n(lower is better)",
    "bits_per_count": "bits per count against\nthe uniform profile\n(higher is better)",
}
# Test regions and their thirds by counts, and negatives where there are some, from left to right.
SUBSETS = {
    "regions": "all\nregions",
    "few counts": "few\ncounts",
    "some counts": "some\ncounts",
    "many counts": "many\ncounts",
    "negatives": "negatives",
}
_PANEL = (4.0, 2.8)


def draw(scores: pd.DataFrame, title: str) -> Figure:
    """Draw one row of two panels for each target: the distance of profiles from the counts, and bits per count.

    Each has a point for each model with its interval, and lines for what needs no network and for another replicate.

    Parameters
    ----------
    scores
        Tables of `degu.evaluation.profile_scores` of the students of a teacher, with the column `student`.
    title
        The title of the figure.
    """
    once = without_repeats(scores)
    once = once.assign(place=once["subset"])
    subsets = {name: words for name, words in SUBSETS.items() if name in set(once["subset"])}
    targets = list(dict.fromkeys(once["target"]))
    figure, axes = style.panels(len(targets), len(METRICS), panel=_PANEL)
    for target, panels in zip(targets, axes, strict=True):
        for (metric, words), panel in zip(METRICS.items(), panels, strict=True):
            plot_at_places(panel, once[(once["target"] == target) & (once["metric"] == metric)], subsets)
            # All regions are no further group beside their thirds, and nor are negatives.
            for place in (0.5, 3.5)[: 2 if "negatives" in subsets else 1]:
                panel.axvline(place, color="#DDDDDD", linewidth=0.8, zorder=0)
            style.set_vertical_label(panel, words)
            style.set_panel_title(panel, target, room=_PANEL[0])
    style.finish(figure, axes, "part of the test split", title)
    return figure
