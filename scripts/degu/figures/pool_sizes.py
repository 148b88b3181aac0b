"""Accuracy and the epistemic head of students against the number of sequences that their ensemble labels for them."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.figures import looks, style

# The head and the reference that it is compared with, and the words of the axis.
COMPARISONS = {
    ("mean", "measured"): "Pearson correlation\nwith measured activity",
    ("epistemic", "ensemble"): "Pearson correlation of\nthe epistemic head with\nthe std over members",
}
# What the students are compared with: their ensemble and the ceiling of its standard deviation.
_LINES = {"mean": "ensemble", "epistemic": "ceiling"}


def draw(scores: pd.DataFrame, pools: Mapping[str, tuple[str, int]], title: str) -> Figure:
    """Draw one row for each target: accuracy and the epistemic head against the number of labelled sequences.

    Parameters
    ----------
    scores
        The tidy scores of one teacher at one training fraction; Pearson correlations on the test split are drawn.
    pools
        The pool of each student and its number of sequences. Students without a pool have the number 0, and belong to
        every line.
    title
        The title of the figure.
    """
    rows = scores[(scores["split"] == "test") & (scores["metric"] == "pearson")]
    targets = list(rows["target"].unique())
    figure, axes = style.panels(len(targets), len(COMPARISONS), sharex=True)
    for target, panels in zip(targets, axes, strict=True):
        for (head, reference), panel in zip(COMPARISONS, panels, strict=True):
            own = rows[(rows["target"] == target) & (rows["head"] == head) & (rows["reference"] == reference)]
            _draw_panel(panel, own, pools, _LINES[head])
            style.set_vertical_label(panel, COMPARISONS[head, reference])
            style.set_panel_title(panel, target)
    style.finish(figure, axes, "number of labelled sequences", title)
    return figure


def _draw_panel(panel: Axes, rows: pd.DataFrame, pools: Mapping[str, tuple[str, int]], compared: str) -> None:
    """Draw one line for each pool, and a horizontal line for what the students are compared with."""
    students = rows[rows["student"].isin(list(pools))]
    points = students.assign(
        pool=[pools[name][0] for name in students["student"]], size=[pools[name][1] for name in students["student"]]
    )
    bare = points[points["size"] == 0]
    names = list(dict.fromkeys(pool for pool, size in pools.values() if size))
    for pool, look in looks.method_styles(names, known={}).items():
        own = pd.concat([bare, points[(points["pool"] == pool) & (points["size"] > 0)]])
        style.plot_means(panel, own, "size", look, looks.label(pool))
    for value in rows.loc[rows["model"] == compared, "value"].unique():
        line = looks.LINES.get(compared, "--")
        panel.axhline(value, color=looks.COLORS[compared], linestyle=line, label=looks.label(compared))
    sizes = sorted({size for _, size in pools.values()})
    panel.set_xscale("symlog", linthresh=min([size for size in sizes if size], default=1))
    panel.set_xticks(sizes, [f"{size:,}" for size in sizes], rotation=45, ha="right")
    panel.minorticks_off()
