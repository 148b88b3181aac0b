"""Similarity of the attribution maps of members, ensembles and students to the mean map of an ensemble.

The poster shows the similarity to the students' own teachers in its section "Attribution analysis: DeepSTARR".
"""

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from degu.figures import looks, style
from degu.figures.log_axis import set_log_scale

METRICS = {"cosine": "cosine with the mean map\nof {}", "rmse": "RMSE to the mean map\nof {}"}
REFERENCES = {"reference ensemble": "the reference ensemble", "own teachers": "the students' teachers"}

# The height beside a panel that a vertical label may take, in inches.
HEIGHT = 2.0


def draw(models: pd.DataFrame, units: Mapping[str, str], title: str) -> Figure:
    """Draw one row for each target and head, and one column for each metric and reference.

    Each panel shows one point for each model, by attribution method. The highest cosine and the lowest RMSE that can be
    expected are lines beside the reference ensemble.

    Parameters
    ----------
    models
        The table `models` of `degu.attribution.comparison.Comparison`, for one group of sequences.
    units
        The units of the targets, which are those of the contributions to all heads but a profile.
    title
        The title of the figure.
    """
    keys = list(models[["target", "head"]].drop_duplicates().itertuples(index=False, name=None))
    columns = [(metric, reference) for metric in METRICS for reference in REFERENCES]
    methods = list(models["method"].unique())
    figure, axes = style.panels(len(keys), len(columns))
    for key, panels in zip(keys, axes, strict=True):
        of_key = models[(models[["target", "head"]] == list(key)).all(axis=1)]
        for (metric, reference), panel in zip(columns, panels, strict=True):
            own = of_key[(of_key["metric"] == metric) & (of_key["reference"] == reference)]
            # The mean map of the teachers is the map of their ensemble, which would be compared with itself.
            own = own[~((own["model"] == "ensemble") & (reference == "own teachers"))]
            style.plot_by_method(panel, own, methods)
            words = METRICS[metric].format(REFERENCES[reference])
            if metric == "rmse":
                words = style.with_unit(f"{words}\n(log scale)", looks.unit_of_maps(key[1], units.get(key[0])))
                set_log_scale(panel, "y")
            style.set_vertical_label(panel, words, room=HEIGHT)
            style.set_panel_title(panel, f"{key[1]} of {key[0]}")
    style.shared_legend(figure, axes.flat)
    style.set_title(figure, title)
    return figure
