"""Profiles of some regions as a genome browser shows them: what was measured, and what models predict."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from degu.figures import looks, style
from degu.uncertainty.bin_stds import share_std

# How many regions of a target are drawn, and how many side by side.
REGIONS, COLUMNS = 6, 3
MEASURED = "#BDBDBD"
_PANEL = (3.2, 2.4)


class Strand(NamedTuple):
    """One strand of a region: the rows of its B bins, the ends of these (B + 1), and 1 upwards or -1 downwards."""

    rows: pd.DataFrame
    edges: np.ndarray
    side: int


def draw(examples: pd.DataFrame, title: str) -> Figure:
    """Draw one panel for each region of each target.

    Bars are the shares measured in all replicates together, and lines those that the ensemble and the student predict.
    Bands reach one standard deviation that the student predicts to either side of its line: the epistemic one, and the
    one of such a measured share about the prediction. Thin bars are one std over the members of the ensemble. The
    second strand is drawn downwards. No bar or band reaches below a share of 0.

    Parameters
    ----------
    examples
        Table of examples of `degu.evaluation.profile_scores`.
    title
        The title of the figure.
    """
    regions = [(target, chosen_regions(own)) for target, own in examples.groupby("target", sort=False)]
    rows = -(-max(len(own) for _, own in regions) // COLUMNS)
    figure, axes = style.panels(rows * len(regions), min(COLUMNS, len(regions[0][1])), panel=_PANEL)
    for (target, own), panels in zip(regions, axes.reshape(len(regions), -1), strict=True):
        for region, panel in zip(own, panels, strict=False):
            for strand in strands_of(region):
                _draw_strand(panel, strand)
            _finish_panel(panel, region)
            words = f"{region['region'].iloc[0]}\n{_described(region)}"
            style.set_panel_title(panel, words if len(regions) == 1 else f"{target}, {words}", room=_PANEL[0])
        for panel in panels[len(own) :]:
            panel.set_axis_off()
    downwards = "\n(reverse strand downwards)" if examples["strand"].nunique() > 1 else ""
    for panel in axes[:, 0]:
        style.set_vertical_label(panel, f"share of the counts in a bin{downwards}", room=_PANEL[1])
    for column in axes.T:
        [panel for panel in column if panel.axison][-1].set_xlabel("position relative to the middle [bp]")
    style.shared_legend(figure, axes.flat)
    style.set_title(figure, title)
    return figure


def chosen_regions(examples: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the rows of each region of one target that is drawn: the first of each kind, then the second ones."""
    every = [rows for _, rows in examples.groupby(["region", "kind"], sort=False)]
    kinds = pd.Series([rows["kind"].iloc[0] for rows in every])
    order = kinds.groupby(kinds).cumcount().sort_values(kind="stable").index
    return [every[index] for index in order[:REGIONS]]


def strands_of(rows: pd.DataFrame) -> Iterator[Strand]:
    """Yield the strands of one region, the first one upwards and the second one downwards."""
    for side, (_, own) in zip((1, -1), rows.groupby("strand", sort=False), strict=False):
        ordered = own.sort_values("position")
        starts = ordered["position"].to_numpy(dtype=float)
        # A region reaches as far to the right of its middle as to the left.
        yield Strand(ordered, np.append(starts, -starts[0]), side)


def _draw_strand(panel: Axes, strand: Strand) -> None:
    """Draw the bars, the bands and the lines of one strand, from the back to the front."""
    rows, edges, side = strand
    panel.stairs(side * rows["measured"], edges, fill=True, color=MEASURED, label="measured")
    heads = {f"profile_{kind}": rows[f"student_{kind}"].to_numpy() for kind in ("epistemic", "aleatoric")}
    epistemic, replicates = rows["student_epistemic"], int(rows["replicates"].iloc[0])
    total = pd.Series(share_std(heads, replicates), rows.index)
    together = f"± total std of {replicates} replicates together" if replicates > 1 else "± total std"
    color = looks.COLORS["student"]
    for std, alpha, words in ((total, 0.22, together), (epistemic, 0.5, "± epistemic std")):
        if std.notna().any():
            low, high = _around(rows["student"], std, side)
            panel.stairs(high, edges, baseline=low, fill=True, color=color, alpha=alpha, linewidth=0, label=words)
    # The line in front is the thinner one, so that it does not hide the other.
    for model, width in (("student", 1.8), ("ensemble", 0.9)):
        line = panel.stairs(side * rows[model], edges, baseline=None, color=looks.COLORS[model], linewidth=width)
        line.set_label(looks.label(model))
    low, high = _around(rows["ensemble"], rows["ensemble_epistemic"], side)
    middle = side * rows["ensemble"]
    panel.errorbar(
        (edges[:-1] + edges[1:]) / 2,
        middle,
        yerr=np.abs([low - middle, high - middle]),
        fmt="none",
        ecolor=looks.COLORS["ensemble"],
        elinewidth=0.7,
        label="± std over members",
    )


def _around(middle: pd.Series, std: pd.Series, side: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the lower and upper ends, as they are drawn, one standard deviation from shares, which are 0 or more."""
    below, above = side * np.maximum(middle.to_numpy() - std.to_numpy(), 0), side * (middle + std).to_numpy()
    return np.minimum(below, above), np.maximum(below, above)


def _finish_panel(panel: Axes, rows: pd.DataFrame) -> None:
    """Draw the line between the strands, and write shares without a sign."""
    panel.axhline(0, color="black", linewidth=0.6)
    panel.set_xlim(rows["position"].min(), -rows["position"].min())
    # A band would otherwise end at the edge of the panel.
    panel.use_sticky_edges = False
    panel.autoscale_view(scalex=False)
    if rows["strand"].nunique() == 1:
        panel.set_ylim(bottom=0)
    panel.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{abs(share):g}"))
    panel.tick_params(labelsize=7)


def _described(rows: pd.DataFrame) -> str:
    """Return how many counts a region has, and why it is shown."""
    first = rows.iloc[0]
    return f"{first['counts']:,.0f} counts, {first['kind']}"
