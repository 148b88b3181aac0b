"""Loss of every member and student against the epoch."""

import pandas as pd
from matplotlib.figure import Figure

from degu.figures import looks, style
from degu.figures.log_axis import set_log_scale

# The room that the labels of the vertical axis take beside a panel, in inches.
ROOM_OF_LABELS = 0.9


def draw(history: pd.DataFrame, title: str) -> Figure:
    """Draw one row for each model and one column for each fraction: training and validation loss of each seed.

    Parameters
    ----------
    history
        A table with the columns `model` (the name of a teacher, or `student of teacher`), `fraction`, `seed`, `epoch`,
        `loss` and `val_loss`.
    title
        The name of the data set.
    """
    models = list(history["model"].unique())
    fractions = sorted(history["fraction"].unique())
    figure, axes = style.panels(len(models), len(fractions), sharex=True, sharey="row")
    for model, panels in zip(models, axes, strict=True):
        for fraction, panel in zip(fractions, panels, strict=True):
            rows = history[(history["model"] == model) & (history["fraction"] == fraction)]
            for _, run in rows.groupby("seed"):
                unlabelled = not panel.get_legend_handles_labels()[1]
                for column, color, dash, text in (
                    ("loss", looks.COLORS["member"], "--", "training loss"),
                    ("val_loss", looks.COLORS["student"], "-", "validation loss"),
                ):
                    panel.plot(
                        run["epoch"],
                        run[column],
                        color=color,
                        linestyle=dash,
                        linewidth=1,
                        alpha=0.7,
                        label=text if unlabelled else None,
                    )
                best = run.loc[run["val_loss"].idxmin()]
                panel.plot(
                    best["epoch"],
                    best["val_loss"],
                    marker="o",
                    markersize=3.5,
                    color="black",
                    linestyle="none",
                    label="best epoch" if unlabelled else None,
                )
            style.set_panel_title(
                panel, f"{_words(model)}\nfraction {fraction:g}", room=style.PANEL[0] - ROOM_OF_LABELS
            )
        # Likelihoods can be negative.
        positive = history.loc[history["model"] == model, ["loss", "val_loss"]].gt(0).all(axis=None)
        if positive:
            for panel in panels:
                set_log_scale(panel, "y")
        panels[0].set_ylabel("loss (log scale)" if positive else "loss")
    for panel in axes[-1]:
        panel.xaxis.get_major_locator().set_params(integer=True)
    style.finish(figure, axes, "epoch", title)
    return figure


def _words(model: str) -> str:
    """Return what figures call a model such as `student of teacher`."""
    return " of ".join(looks.label(name) for name in model.split(" of "))
