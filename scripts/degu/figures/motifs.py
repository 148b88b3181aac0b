"""Motifs discovered in attribution maps, beside the known ones that they are most like."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import logomaker
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.attribution.motifs.patterns import MODELS, Pattern
from degu.data.motifs import information
from degu.figures import style
from degu.figures.attribution_logos import BASES

# Patterns shown of each target and model.
MOST = 15
_ROW = 0.95
_WIDTH = 9.6


class Row(NamedTuple):
    """A pattern, and what it is most like.

    Attributes
    ----------
    contributions
        (W, 4): of its core, or of the reverse complement, whichever is like the known motif.
    words
        What is said of it.
    match
        (V, 4), in bits: the known motif.
    start
        Position of the core where that begins.
    match_words
        What is said of the match.
    """

    contributions: np.ndarray
    words: str
    match: np.ndarray
    start: int
    match_words: str


def rows_of(
    patterns: Mapping[str, Mapping[str, Sequence[Pattern]]],
    matches: pd.DataFrame,
    database: Mapping[tuple[str, str], np.ndarray],
    significance: float,
) -> dict[tuple[str, str], list[Row]]:
    """Return what is drawn of each target and model.

    Parameters
    ----------
    patterns
        By model and target.
    matches
        Of `degu.attribution.motifs.matching.match_patterns`.
    database
        Of `degu.attribution.motifs.matching.read_database`.
    significance
        Highest q-value of a match that counts.
    """
    best = matches[matches["rank"] == 1].set_index(["target", "model", "pattern"])
    return {
        (target, model): [
            _row(pattern, best.loc[(target, model, index)], database, significance) for index, pattern in enumerate(own)
        ]
        for model, targets in patterns.items()
        for target, own in targets.items()
    }


def _row(
    pattern: Pattern, match: pd.Series, database: Mapping[tuple[str, str], np.ndarray], significance: float
) -> Row:
    known, contributions, start = (
        database[match["identifier"], match["name"]],
        pattern.core_contributions,
        match["start"],
    )
    if match["reverse"]:
        # All are drawn on the strand of the known motif.
        contributions, start = contributions[::-1, ::-1], len(contributions) - start - len(known)
    like = "" if match["q"] <= significance else "nearest: "
    return Row(
        contributions=contributions,
        words=f"{len(pattern):,} seqlets",
        match=bits(known),
        start=start,
        match_words=f"{like}{match['name']}, q = {match['q']:.1g}",
    )


def bits(probabilities: np.ndarray) -> np.ndarray:
    """Return probabilities, (W, 4), times the information of their position, in bits."""
    return probabilities * information(probabilities)[:, None]


def draw(rows: Mapping[tuple[str, str], Sequence[Row]], notes: Mapping[tuple[str, str], str], title: str) -> Figure:
    """Return a row a pattern, of the ensemble at the left and of the students at the right; targets one below another.

    Parameters
    ----------
    rows
        By target and model.
    notes
        By target and model, what is said of all patterns.
    title
        Of the figure.
    """
    from matplotlib import pyplot as plt

    targets = list(dict.fromkeys(target for target, _ in rows))
    heights = [max(1, *(min(MOST, len(rows[target, model])) for model in MODELS)) for target in targets]
    figure = plt.figure(figsize=(_WIDTH, _ROW * sum(heights) + 0.55 * len(targets) + 0.4))
    blocks = figure.subfigures(len(targets), len(MODELS), height_ratios=heights, squeeze=False)
    for target, height, pair in zip(targets, heights, blocks, strict=True):
        for model, block in zip(MODELS, pair, strict=True):
            own = rows[target, model]
            block.suptitle(_heading(own, target, model, notes.get((target, model))), fontsize=8)
            axes = block.subplots(height, 2, squeeze=False)
            for index, panels in enumerate(axes):
                if index < min(MOST, len(own)):
                    _draw_row(own[index], *panels)
                else:
                    for panel in panels:
                        panel.set_axis_off()
    figure.suptitle(title)
    return figure


def _heading(rows: Sequence[Row], target: str, model: str, note: str | None) -> str:
    words = f"{target}, {style.label(model) if model == 'ensemble' else 'students'}: "
    words += f"{len(rows)} pattern{'s' * (len(rows) > 1)}" if len(rows) else "no pattern was found"
    if len(rows) > MOST:
        words += f", the {MOST} of most seqlets"
    return f"{words}; {note}" if note else words


def _draw_row(row: Row, left: Axes, right: Axes) -> None:
    """Draw a pattern's contributions, and below the same positions the match."""
    low = min(0, row.start) - 0.5
    high = max(len(row.contributions), row.start + len(row.match)) - 0.5
    for panel, values, start, words in (
        (left, row.contributions, 0, row.words),
        (right, row.match, row.start, row.match_words),
    ):
        table = pd.DataFrame(values, columns=list(BASES), index=np.arange(start, start + len(values)))
        # Letters below 0 stay upright: these are motifs to be read.
        logomaker.Logo(table, ax=panel, color_scheme=BASES, show_spines=False, flip_below=False)
        panel.spines["left"].set_visible(True)
        panel.axhline(0, color="black", linewidth=0.5)
        panel.set(xlim=(low, high), xticks=[])
        panel.set_title(words, loc="left", fontsize=7, pad=2)
        panel.tick_params(labelsize=6)
    left.set_ylabel("contribution", fontsize=6)
    right.set_ylabel("bits", fontsize=6)
    right.set(ylim=(0, 2), yticks=[0, 1, 2])
