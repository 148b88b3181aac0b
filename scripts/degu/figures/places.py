"""Panels with several things side by side, and at each of them a point with its interval for each model."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from degu.figures import style

# From one place to the next it is 1. Points take this much of it, and lines a little more.
_POINTS, _LINE = 0.7, 0.84
# More models of one kind than these are drawn as smaller points.
_MANY = 4


def plot_at_places(panel: Axes, scores: pd.DataFrame, places: Mapping[str, str]) -> None:
    """Draw a point for each model at each place, with a bar over its interval; kinds without a marker are lines.

    Parameters
    ----------
    panel
        The panel.
    scores
        A table with the columns `place`, `model`, `seed`, `value`, `low` and `high`, and `student` if there are several
        recipes of students. A value that is no finite number is left out, and so is such an end of a bar.
    places
        The words of each place, from left to right.
    """
    order = list(places)
    known = scores[np.isfinite(scores["value"]) & scores["place"].isin(order)].sort_values("seed", kind="stable")
    known = known.assign(at=[order.index(place) for place in known["place"]])
    kinds = style.kinds_of(known)
    points = [kind for kind in kinds if kind[1]["marker"]]
    # All models lie side by side, with the room of one more between two kinds.
    counts = [rows.groupby("at").size().max() for *_, rows in points]
    starts = np.cumsum([0, *(count + 1 for count in counts)])
    step = _POINTS / max(starts[-1] - 1, 1)
    for start, count, (words, look, _, rows) in zip(starts[:-1], counts, points, strict=True):
        at = rows["at"] - _POINTS / 2 + step * (start + rows.groupby("at").cumcount() + 0.5)
        low, high = (rows[end].replace([-np.inf, np.inf], np.nan) for end in ("low", "high"))
        panel.vlines(at, low, high, color=look["color"], linewidth=0.9, alpha=0.7)
        panel.plot(at, rows["value"], linestyle="", **look, markersize=3 if count > _MANY else 4, label=words)
    for words, look, line, rows in kinds:
        if not look["marker"]:
            means = rows.groupby("at")["value"].mean()
            at = means.index.to_numpy(dtype=float)
            lines = panel.hlines(means, at - _LINE / 2, at + _LINE / 2, color=look["color"], linewidth=1.3, label=words)
            lines.set(linestyle=line, zorder=1)
    panel.set_xticks(range(len(order)), list(places.values()), fontsize=7)
    panel.set_xlim(-0.5, len(order) - 0.5)


def without_repeats(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the scores with those of models that are no students once; the table of each student has them.

    Where students learn from ensembles of several sizes, the scores beside the first student are kept.
    """
    of_students = scores["model"] == "student"
    keys = [name for name in scores if name not in ("student", "method", "value", "low", "high")]
    return pd.concat([scores[~of_students].drop_duplicates(keys), scores[of_students]], ignore_index=True)
