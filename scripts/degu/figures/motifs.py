"""Motifs discovered in attribution maps, beside the known motifs that they are most like."""

from collections.abc import Mapping, Sequence

import logomaker
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.attribution.motifs.alignment import AlignedPattern
from degu.attribution.motifs.patterns import MODELS
from degu.figures import looks, style
from degu.figures.attribution_logos import BASES

# The number of patterns that are drawn at most for each target and model.
MOST = 15
_ROW = 0.95
_WIDTH = 9.6


def draw(
    patterns: Mapping[tuple[str, str], Sequence[AlignedPattern]],
    found: Mapping[tuple[str, str], tuple[int, int]],
    title: str,
) -> Figure:
    """Draw one row for each pattern: those of the ensemble at the left, those of the students at the right.

    Targets stand one below another.

    Parameters
    ----------
    patterns
        The patterns by target and model, those of most seqlets first.
    found
        By target and model, how many of the planted motifs that matter were found, and how many matter; empty where no
        motifs were planted.
    title
        The title of the figure.
    """
    from matplotlib import pyplot as plt

    targets = list(dict.fromkeys(target for target, _ in patterns))
    heights = [max(1, *(min(MOST, len(patterns[target, model])) for model in MODELS)) for target in targets]
    figure = plt.figure(figsize=(_WIDTH, _ROW * sum(heights) + 0.55 * len(targets) + 0.4))
    blocks = figure.subfigures(len(targets), len(MODELS), height_ratios=heights, squeeze=False)
    for target, height, pair in zip(targets, heights, blocks, strict=True):
        for model, block in zip(MODELS, pair, strict=True):
            own = patterns[target, model]
            block.suptitle(_heading(len(own), target, model, found.get((target, model))), fontsize=8)
            axes = block.subplots(height, 2, squeeze=False)
            for index, panels in enumerate(axes):
                if index < min(MOST, len(own)):
                    _draw_row(own[index], *panels)
                else:
                    for panel in panels:
                        panel.set_axis_off()
    style.set_title(figure, title)
    return figure


def _heading(number: int, target: str, model: str, found: tuple[int, int] | None) -> str:
    """Return the heading above all patterns of one target and model."""
    words = f"{target}, {looks.label(model) if model == 'ensemble' else 'students'}: "
    words += f"{number} pattern{'s' * (number > 1)}" if number else "no pattern was found"
    if number > MOST:
        words += f", {MOST} of them shown"
    return f"{words}; {found[0]} of {found[1]} planted motifs found" if found else words


def _draw_row(pattern: AlignedPattern, left: Axes, right: Axes) -> None:
    """Draw the contributions of a pattern at the left, and its match over the same positions at the right."""
    low = min(0, pattern.start) - 0.5
    high = max(len(pattern.contributions), pattern.start + len(pattern.match)) - 0.5
    match_words = f"{'' if pattern.significant else 'nearest: '}{pattern.name}, q = {pattern.q:.1g}"
    for panel, values, start, words in (
        (left, pattern.contributions, 0, f"{pattern.seqlets:,} seqlets"),
        (right, pattern.match, pattern.start, match_words),
    ):
        table = pd.DataFrame(values, columns=list(BASES), index=np.arange(start, start + len(values)))
        # Letters below 0 stay upright, so that the motif can be read.
        logomaker.Logo(table, ax=panel, color_scheme=BASES, show_spines=False, flip_below=False)
        panel.spines["left"].set_visible(True)
        panel.axhline(0, color="black", linewidth=0.5)
        panel.set(xlim=(low, high), xticks=[])
        panel.set_title(words, loc="left", fontsize=7, pad=2)
        panel.tick_params(labelsize=6)
    left.set_ylabel("contribution", fontsize=6)
    right.set_ylabel(style.with_unit("information", "bits"), fontsize=6)
    right.set(ylim=(0, 2), yticks=[0, 1, 2])
