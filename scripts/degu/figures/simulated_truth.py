"""The known truth of a simulated assay, and how well its measurements agree with it."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from degu.figures import looks, style


def draw(truth: pd.DataFrame, sites: pd.DataFrame, replicates: int, unit: str, title: str) -> Figure:
    """Draw four panels: true activity, true noise, measured against true noise, and activity by planted motif.

    Parameters
    ----------
    truth
        A table with the columns `mean`, `noise_std` and `replicate_std`, one row for each sequence.
    sites
        A table with the columns `motif` and `mean`: the true activity of each sequence, once for each motif planted in
        it.
    replicates
        The number of replicates R.
    unit
        The unit of the activity; empty if there is none.
    title
        The title of the figure.
    """
    figure, axes = style.panels(2, 2)
    mean, noise, measured, motifs = axes.flat
    mean.hist(truth["mean"], bins=50, color=looks.COLORS["mean"])
    mean.axvline(truth["mean"].mean(), color="black", linestyle=":", linewidth=1)
    mean.set(xlabel=style.with_unit("true mean activity", unit), ylabel="sequences")

    noise.scatter(truth["mean"], truth["noise_std"], s=3, alpha=0.2, linewidth=0, color=looks.COLORS["aleatoric"])
    noise.set_xlabel(style.with_unit("true mean activity", unit))
    style.set_vertical_label(noise, style.with_unit("true noise std\nof one replicate", unit))

    measured.scatter(
        truth["noise_std"], truth["replicate_std"], s=3, alpha=0.2, linewidth=0, color=looks.COLORS["aleatoric"]
    )
    style.identity_line(measured)
    correlation = np.corrcoef(truth["noise_std"], truth["replicate_std"])[0, 1]
    measured.set_title(f"r = {correlation:.2f}", loc="right", fontsize=8)
    measured.set_xlabel(style.with_unit("true noise std of one replicate", unit))
    style.set_vertical_label(measured, style.with_unit(f"std over {replicates} replicates", unit))

    order = sites.groupby("motif")["mean"].median().sort_values().index.tolist()
    motifs.boxplot(
        [sites.loc[sites["motif"] == motif, "mean"] for motif in order],
        orientation="horizontal",
        showfliers=False,
        widths=0.6,
        medianprops={"color": "black"},
        patch_artist=True,
        boxprops={"facecolor": looks.COLORS["mean"], "alpha": 0.5},
    )
    motifs.set_yticks(range(1, len(order) + 1), order, fontsize=7)
    motifs.axvline(truth["mean"].median(), color="black", linestyle=":", linewidth=1)
    motifs.set(xlabel=style.with_unit("true mean activity with\nthe motif planted", unit))
    style.set_title(figure, title)
    return figure
