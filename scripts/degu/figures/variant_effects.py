"""Measured against predicted effects of variants, scores of all models, and what uncertainty knows of the errors."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.figures import looks, rows, style

_COLUMNS = 3
_OTHERS, _CONFIDENT = "#999999", "#0072B2"
# What is predicted for the standard deviation of a difference, by the model: words, colour and line.
_WAYS = {
    ("student", "difference_head"): ("difference head of the student", looks.COLORS["student"], "-"),
    ("student", "sum_of_variances"): ("sum of the student's variances", looks.COLORS["student"], "--"),
    ("ensemble", "members"): ("std over members of the difference", looks.COLORS["ensemble"], "-"),
    ("ensemble", "sum_of_variances"): ("sum of the ensemble's variances", looks.COLORS["ensemble"], "--"),
}
_SUBSETS = {"all": "all variants", "confident": "confident ones"}
_MODELS = ("kmer_ridge", "member", "ensemble", "student")
# A score is the mean over loci, or that of the only locus.
_MEAN, _POOLED = "mean over loci", "all loci"


class _Panel(NamedTuple):
    """What a panel shows: its kind, its target, and a locus, a subset or a protocol."""

    kind: str
    target: str
    of: str


def draw(
    scores: pd.DataFrame,
    uncertainty: pd.DataFrame,
    curves: pd.DataFrame,
    effects: pd.DataFrame,
    unit: str,
    title: str,
) -> Figure:
    """Draw, for each target, panels of the loci, of risk and coverage, and of the scores in each protocol.

    The first two show the variants of the first protocol.

    Parameters
    ----------
    scores, uncertainty, curves, effects
        The tables of `degu.variants.assessment`.
    unit
        The unit of the effects.
    title
        The title of the figure.
    """
    first = scores["protocol"].iloc[0]
    effects = effects[[first in protocols.split(",") for protocols in effects["protocols"]]]
    figure, panels = style.grid(_keys(scores, curves, effects), columns=_COLUMNS)
    several = scores["target"].nunique() > 1
    for key, panel in panels.items():
        if key.kind == "effects":
            own = effects[(effects["locus"] == key.of) & (effects["target"] == key.target)]
            _scatter(panel, own, unit)
        elif key.kind == "curves":
            own = curves[(curves["subset"] == key.of) & (curves["target"] == key.target)]
            _curves(panel, own)
            panel.set_title(f"{_SUBSETS[key.of]}{_wrong_signs(uncertainty, key)}", fontsize=8)
        else:
            _scores(panel, scores[(scores["protocol"] == key.of) & (scores["target"] == key.target)])
            panel.set_title(f"protocol {looks.label(key.of)}", fontsize=8)
        if several:
            panel.set_title(f"{key.target}: {panel.get_title()}", fontsize=8)
    style.shared_legend(figure, panels.values())
    style.set_title(figure, title)
    return figure


def _keys(scores: pd.DataFrame, curves: pd.DataFrame, effects: pd.DataFrame) -> list[_Panel]:
    keys = []
    for target in dict.fromkeys(scores["target"]):
        keys += [_Panel("effects", target, locus) for locus in dict.fromkeys(effects["locus"])]
        known = set(curves.loc[curves["target"] == target, "subset"])
        keys += [_Panel("curves", target, subset) for subset in _SUBSETS if subset in known]
        keys += [_Panel("scores", target, protocol) for protocol in dict.fromkeys(scores["protocol"])]
    return keys


def _shown(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the first protocol, kind of window and recipe of students, of all loci together."""
    own = table[(table["windows"] == table["windows"].iloc[0]) & (table["protocol"] == table["protocol"].iloc[0])]
    own = own[own["locus"] == (_POOLED if _POOLED in set(own["locus"]) else own["locus"].iloc[0])]
    students = own.loc[own["model"] == "student", "student"]
    return own[(own["model"] != "student") | (own["student"] == (students.iloc[0] if len(students) else ""))]


def _scatter(panel: Axes, effects: pd.DataFrame, unit: str) -> None:
    own = effects[(effects["model"] == "ensemble") & (effects["windows"] == effects["windows"].iloc[0])]
    confident = own["confident"].to_numpy(dtype=bool)
    for words, color, chosen in (
        ("other variants", _OTHERS, ~confident),
        ("confident variants", _CONFIDENT, confident),
    ):
        if chosen.any():
            values = own[chosen]
            panel.scatter(
                values["measured"],
                values["effect"],
                s=5,
                alpha=0.6,
                linewidth=0,
                color=color,
                label=words,
                rasterized=True,
            )
    for line in (panel.axhline, panel.axvline):
        line(0, color="black", linewidth=0.5)
    r = np.corrcoef(own["measured"], own["effect"])[0, 1]
    panel.set_title(f"{own['locus'].iloc[0]}, r = {r:.2f}", fontsize=8)
    panel.set_xlabel(style.with_unit("measured effect", unit))
    style.set_vertical_label(panel, style.with_unit("effect by the ensemble", unit))


def _wrong_signs(uncertainty: pd.DataFrame, key: _Panel) -> str:
    """Return how many signs of the ensemble are wrong, as words."""
    own = uncertainty[(uncertainty["target"] == key.target) & (uncertainty["subset"] == key.of)]
    own = _shown(own) if len(own) else own
    share = own.loc[(own["metric"] == "wrong_signs") & (own["model"] == "ensemble"), "value"]
    return f"\n{share.iloc[0]:.0%} of the signs are wrong" if len(share) else ""


def _curves(panel: Axes, curves: pd.DataFrame) -> None:
    own = _shown(curves)
    for (model, way), (words, color, dash) in _WAYS.items():
        line = own[(own["model"] == model) & (own["uncertainty"] == way)].groupby("kept")["error"].mean()
        if len(line):
            panel.plot(line.index, line, dash, color=color, linewidth=1.3, label=words)
    oracle = own[own["model"] == "ensemble"].groupby("kept")["oracle"].mean()
    panel.plot(oracle.index, oracle, color="black", linewidth=0.8, label="by the true error")
    panel.axhline(1, color="black", linewidth=0.6, linestyle=":")
    panel.set(xlabel="fraction of variants kept", xlim=(0, 1), ylim=(0, None))
    style.set_vertical_label(panel, "RMSE of those kept,\nrelative to that of all")


def _scores(panel: Axes, scores: pd.DataFrame) -> None:
    own = scores[scores["metric"] == "spearman"]
    loci = set(own["locus"])
    own = own[own["locus"] == (_MEAN if _MEAN in loci else own["locus"].iloc[0])]
    known = [(subset, model) for subset in _SUBSETS for model in _MODELS]
    cells = {pair: own[(own["subset"] == pair[0]) & (own["model"] == pair[1])] for pair in known}
    cells = {pair: cell for pair, cell in cells.items() if len(cell)}
    windows = list(dict.fromkeys(own["windows"]))
    for place, ((_, model), cell) in enumerate(cells.items()):
        for number, kind in enumerate(windows):
            values = cell[cell["windows"] == kind]
            at = place + 0.3 * (number - (len(windows) - 1) / 2)
            (point,) = panel.plot(values["value"].mean(), at, color=looks.COLORS[model], marker=looks.MARKERS[model])
            point.set(markersize=4, fillstyle="none" if number else "full")
            # Bars of several models would be those of each; the mean has none.
            low, high = values["low"].mean(), values["high"].mean()
            panel.plot([low, high], [at, at], color=looks.COLORS[model], linewidth=0.8)
    rows.label_rows(panel, [f"{looks.label(model)}, {subset}" for subset, model in cells])
    for number, kind in enumerate(windows):
        words = f"{kind} windows" if kind != "whole" else "whole sequences"
        panel.plot([], [], "o", color="black", markersize=4, fillstyle="none" if number else "full", label=words)
    panel.axvline(0, color="black", linewidth=0.6)
    where = "mean over loci" if _MEAN in loci else own["locus"].iloc[0]
    panel.set_xlabel(f"Spearman correlation,\n{where}")
    panel.set_ylabel("model")
