"""Correlation of the uncertainty heads with their targets, against the amount of training data.

The poster shows it in its sections "Ensemble distribution distillation: DeepSTARR" and "Capturing aleatoric uncertainty
with lentiMPRA".
"""

import pandas as pd
from matplotlib.figure import Figure

from degu.figures import looks, style

# The head and the reference that it is compared with, and the words of the axis.
COMPARISONS = {
    ("epistemic", "ensemble"): "the epistemic head\nwith the std over members",
    ("aleatoric", "measured"): "the aleatoric head\nwith the std over replicates",
    ("replicate_std", "measured"): "the replicate std head\nwith the std over replicates",
    ("aleatoric", "truth"): "the aleatoric head\nwith the true noise std",
    ("replicate_std", "truth"): "the replicate std head\nwith the true noise std",
}


def draw(scores: pd.DataFrame, title: str) -> Figure:
    """Draw one row for each teacher and target, and one column for each comparison of a head with a reference.

    Parameters
    ----------
    scores
        The tidy scores of one data set, whose Pearson correlations on the test split are drawn.
    title
        The name of the data set.
    """
    rows = scores[(scores["split"] == "test") & (scores["metric"] == "pearson")].dropna(subset=["value"])
    # Beside a head for the std over replicates, the aleatoric head is the noise about the predictions.
    own_head = rows.loc[rows["head"] == "replicate_std", "teacher"]
    rows = rows[(rows["head"] != "aleatoric") | ~rows["teacher"].isin(own_head)]
    shown = pd.concat([_select(rows, *pair) for pair in COMPARISONS])
    pairs = [pair for pair in COMPARISONS if _select(rows, *pair).size]
    kinds = list(shown[["teacher", "target"]].drop_duplicates().itertuples(index=False))
    figure, axes = style.panels(max(1, len(kinds)), max(1, len(pairs)))
    if shown.empty:
        axes[0, 0].set_axis_off()
        axes[0, 0].text(0.5, 0.5, "no model has an uncertainty head", ha="center")
    for (teacher, target), panels in zip(kinds, axes, strict=False):
        of_kind = rows[(rows["teacher"] == teacher) & (rows["target"] == target)]
        for pair, panel in zip(pairs, panels, strict=True):
            chosen = _select(of_kind, *pair)
            if chosen.empty:
                panel.set_axis_off()
                continue
            style.plot_against_fraction(panel, chosen)
            panel.axhline(0, color="black", linewidth=0.6)
            panel.set_ylabel(f"Pearson correlation of\n{COMPARISONS[pair]}")
            style.set_panel_title(panel, f"{looks.label(teacher)}\n{target}")
    style.shared_legend(figure, axes.flat)
    style.set_title(figure, title)
    return figure


def _select(rows: pd.DataFrame, head: str, reference: str) -> pd.DataFrame:
    """Return the scores of one head against one reference."""
    return rows[(rows["head"] == head) & (rows["reference"] == reference)]
