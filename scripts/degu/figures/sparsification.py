"""Error of the predictions that are left when the most uncertain ones are set aside."""

import pandas as pd
from matplotlib.figure import Figure

from degu.figures import style

LINES = {"member": ":", "ensemble": "--", "student": "-"}


def draw(curves: pd.DataFrame, title: str) -> Figure:
    """Draw one panel for each target, with one curve for each method and kind of model.

    A curve shows the root mean squared error of the predictions with the lowest total uncertainty, relative to that of
    all predictions.

    Parameters
    ----------
    curves
        The table of curves of `degu.uncertainty.assessment`, with the column `method`.
    title
        The title of the figure.
    """
    total = curves[(curves["uncertainty"] == "total") & curves["curve"].isin(["sparsification", "oracle"])]
    styles = style.method_styles(curves["method"])
    figure, panels = style.grid(list(dict.fromkeys(total["target"])), columns=2)
    figure.set_size_inches(5.0 * len(panels) + 0.6, 3.6)
    for target, panel in panels.items():
        own = total[(total["target"] == target) & (total["curve"] == "sparsification")]
        for (method, model), lines in own.groupby(["method", "model"], sort=False):
            line = lines.groupby("x")["y"].mean()
            panel.plot(
                line.index,
                line,
                linestyle=LINES[str(model)],
                linewidth=1.2,
                markevery=4,
                markersize=4,
                label=f"{method}, {model}",
                **styles[str(method)],
            )
        oracle = total[(total["target"] == target) & (total["curve"] == "oracle")].groupby("x")["y"].mean()
        panel.plot(oracle.index, oracle, color="black", linewidth=0.8, label="set aside by true error")
        panel.axhline(1, color="black", linewidth=0.6, linestyle="--")
        panel.set(title=target, xlabel="fraction of predictions set aside", ylim=(0, None))
    next(iter(panels.values())).set_ylabel("RMSE of the remaining predictions,\nrelative to that of all")
    style.legend_at_the_right(figure, next(iter(panels.values())))
    style.set_title(figure, title)
    return figure
