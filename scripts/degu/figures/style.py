"""What all figures share: sizes, titles, panels, legends and saving."""

import itertools
import logging
from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path
from typing import Literal, TypeVar

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from degu.figures.looks import BESIDE_MODELS, BEST, COLORS, LINES, MARKERS, ORDER, Look, label, method_styles
from degu.formats.files import write_aside

mpl.use("agg")
# At lower levels it logs every step of embedding a font.
logging.getLogger("fontTools").setLevel(logging.WARNING)

# The width and height of one panel, in inches.
PANEL = (2.9, 2.5)
# The room between a text and the edge of the figure, in inches.
MARGIN = 0.1
# The width of a panel that its vertical label and numbers leave to the horizontal axis, in inches.
_AXIS = PANEL[0] - 1.0

# What the panels of a grid are known by.
Key = TypeVar("Key", bound=Hashable)
# The panels that share an axis: all of them, those of a row, or those of a column.
Shared = bool | Literal["row", "col"]


# Neither the user's own matplotlibrc nor the fonts of a machine change a figure.
mpl.rcdefaults()
sns.set_theme(
    context="paper",
    style="ticks",
    font="DejaVu Sans",
    rc={
        "axes.spines.right": False,
        "axes.spines.top": False,
        "figure.dpi": 100,
        "figure.constrained_layout.use": True,
        "font.size": 9,
        "legend.frameon": False,
        "pdf.fonttype": 42,
        "savefig.dpi": 200,
        # Words of a configuration may hold dollar signs, which would set what is between them as a formula.
        "text.parse_math": False,
        "svg.fonttype": "none",
        "svg.hashsalt": "degu",
    },
)


def panels(
    rows: int,
    columns: int,
    *,
    sharex: Shared = False,
    sharey: Shared = False,
    panel: tuple[float, float] = PANEL,
) -> tuple[Figure, np.ndarray]:
    """Return a figure and its axes, (rows, columns), at a panel's width and height in inches."""
    from matplotlib import pyplot as plt

    size = (panel[0] * columns + 0.2, panel[1] * rows + 0.3)
    return plt.subplots(rows, columns, figsize=size, squeeze=False, sharex=sharex, sharey=sharey)


def grid(
    keys: Sequence[Key], *, columns: int = 4, sharex: bool = False, sharey: bool = False
) -> tuple[Figure, dict[Key, Axes]]:
    """Return a figure with one panel for each key, in rows of at most `columns` panels, and the axes by key."""
    width = max(1, min(columns, len(keys)))
    figure, axes = panels(max(1, -(-len(keys) // width)), width, sharex=sharex, sharey=sharey)
    for panel in axes.flat[len(keys) :]:
        panel.set_axis_off()
    return figure, dict(zip(keys, axes.flat, strict=False))


def method_grid(
    table: pd.DataFrame, ylabel: str, *, sharex: bool = False, sharey: bool = False
) -> tuple[Figure, dict[tuple[str, str], Axes]]:
    """Return a figure with one titled panel for each (target, method) of a table, and the axes by these pairs.

    The panels at the left edge have the vertical label.
    """
    keys: list[tuple[str, str]] = list(table[["target", "method"]].drop_duplicates().itertuples(index=False, name=None))
    figure, panels = grid(keys, sharex=sharex, sharey=sharey)
    for (target, method), panel in panels.items():
        set_panel_title(panel, f"{label(method)}\n{target}")
        place = panel.get_subplotspec()
        if place is not None and place.is_first_col():
            panel.set_ylabel(ylabel)
    return figure, panels


def with_unit(text: str, unit: object) -> str:
    """Return an axis label with its unit on a line below, if there is one."""
    return f"{text}\n[{unit}]" if isinstance(unit, str) and unit else text


def text_width(text: str, size: str | float) -> float:
    """Return the width of a text, of which the widest line counts, in inches at a font size."""
    font = FontProperties(size=size)
    return (
        max(text_to_path.get_text_width_height_descent(line, font, ismath=False)[0] for line in text.split("\n")) / 72
    )


def set_title(figure: Figure, title: str) -> None:
    """Write the title above a figure, in as many lines as its width needs; a wider word makes the figure wider."""
    size = mpl.rcParams["figure.titlesize"]
    widest = max((text_width(word, size) for word in title.split()), default=0.0)
    figure.set_figwidth(max(figure.get_figwidth(), widest + 2 * MARGIN))
    room = figure.get_figwidth() - 2 * MARGIN
    lines: list[str] = []
    for word in title.split():
        longer = f"{lines[-1]} {word}" if lines else word
        lines = [*lines[:-1], longer] if text_width(longer, size) <= room else [*lines, word]
    figure.suptitle("\n".join(lines))


def finish(figure: Figure, axes: np.ndarray, xlabel: str, title: str) -> None:
    """Name the horizontal axis below the lowest panels, and add the legend of all panels and the title."""
    for panel in axes[-1]:
        panel.set_xlabel(xlabel)
    shared_legend(figure, axes.flat)
    set_title(figure, title)


def set_panel_title(panel: Axes, title: str, *, room: float = PANEL[0]) -> None:
    """Write the title of a panel, in letters that are small enough for its width in inches."""
    panel.set_title(title, fontsize=_fitted(title, mpl.rcParams["axes.titlesize"], room))


def set_vertical_label(panel: Axes, text: str, *, room: float = PANEL[1]) -> None:
    """Write the label of a vertical axis, in letters that are small enough for the height of the panel in inches."""
    panel.set_ylabel(text, fontsize=_fitted(text, mpl.rcParams["axes.labelsize"], room))


def _fitted(text: str, usual: str | float, room: float) -> float:
    """Return the usual size of letters in points, or a smaller one at which a text fits into its room in inches."""
    size = FontProperties(size=usual).get_size_in_points()
    return size * min(1.0, (room - 2 * MARGIN) / max(text_width(text, size), MARGIN))


def save(figure: Figure, paths: Iterable[str | Path]) -> None:
    """Write a figure to each path, whole or not at all, in the format of its suffix.

    The files hold no date, so that a figure drawn again is the same file.
    """
    undated = {".pdf": {"CreationDate": None}, ".svg": {"Date": None}, ".png": {"Software": None}}
    for path in paths:
        metadata = undated.get(Path(path).suffix)
        with write_aside(path) as aside:
            figure.savefig(aside, metadata=metadata)


def plot_by_method(axes: Axes, scores: pd.DataFrame, methods: Sequence[str]) -> None:
    """Draw one point for each model, by method, with the kinds of models side by side.

    Parameters
    ----------
    axes
        The panel.
    scores
        A table with the columns `method`, `model` and `value`.
    methods
        The methods in the order of the horizontal axis.
    """
    models = [model for model in ORDER if model in set(scores["model"])]
    for offset, model in zip(np.linspace(-0.24, 0.24, len(models)), models, strict=True):
        rows = scores[scores["model"] == model]
        positions = np.array([methods.index(method) for method in rows["method"]], dtype=float)
        if not MARKERS[model]:
            # The best value to be expected is a line over the whole width of its method.
            starts, ends = positions - 0.4, positions + 0.4
            axes.hlines(rows["value"], starts, ends, color=COLORS[model], linestyle=LINES[model], label=BEST)
            continue
        axes.scatter(positions + offset, rows["value"], s=14, alpha=0.7, color=COLORS[model], marker=MARKERS[model])
        axes.scatter([], [], label=label(model), color=COLORS[model], marker=MARKERS[model])
    names, size = [in_two_lines(label(method)) for method in methods], 7
    # Labels that would touch one another side by side stand upright.
    widths = [text_width(name, size) + MARGIN / 2 for name in names]
    touching = any(sum(pair) / 2 > _AXIS / len(methods) for pair in itertools.pairwise(widths))
    axes.set_xticks(range(len(methods)), names, fontsize=size, rotation=90 if touching else 0)
    axes.set_xlim(-0.5, len(methods) - 0.5)


def plot_against_fraction(axes: Axes, scores: pd.DataFrame, *, offset: float = 0.01) -> None:
    """Draw one point for each seed and a line through the means of each kind of model, against the training fraction.

    Students of several recipes are kinds of their own.

    Parameters
    ----------
    axes
        The panel.
    scores
        A table with the columns `fraction`, `model` and `value`, and `student` if there are several recipes.
    offset
        The distance by which kinds of models are moved apart, so that their points do not hide one another.
    """
    kinds = kinds_of(scores)
    for index, (words, look, line, rows) in enumerate(kinds):
        moved = rows.assign(fraction=rows["fraction"] + offset * (index - (len(kinds) - 1) / 2))
        if not look["marker"] and moved["fraction"].nunique() == 1:
            # A line through one point has no length.
            moved = pd.concat([moved.assign(fraction=moved["fraction"] + side) for side in (-0.05, 0.05)])
        plot_means(axes, moved, "fraction", look, words, line)
    fractions = sorted(scores["fraction"].unique())
    axes.set_xticks(fractions, [f"{fraction:g}" for fraction in fractions])
    axes.set_xlim(min(fractions) - 0.08, max(fractions) + 0.08)
    axes.set_xlabel("fraction of the training split")
    # Large markers reach beyond the values that they show.
    axes.margins(y=0.12)


def plot_means(axes: Axes, rows: pd.DataFrame, by: str, look: Look, words: str, line: str = "-") -> None:
    """Draw one point for each value, and a line through their means at each place of the column `by`."""
    if look["marker"]:
        axes.scatter(rows[by], rows["value"], s=9, color=look["color"], alpha=0.45, linewidth=0)
    means = rows.groupby(by)["value"].mean()
    axes.plot(means.index, means, line, **look, markersize=5, linewidth=1.3, label=words)


def in_two_lines(text: str) -> str:
    """Return words in at most two lines, which are as short as they can be."""
    words = text.split(" ")
    splits = ["\n".join(filter(None, (" ".join(words[:n]), " ".join(words[n:])))) for n in range(len(words))]
    return min(splits, key=lambda lines: max(map(len, lines.split("\n"))))


def kinds_of(scores: pd.DataFrame) -> list[tuple[str, Look, str, pd.DataFrame]]:
    """Return the words, the look, the line and the rows of each kind of model; several students are several kinds."""
    kinds: list[tuple[str, Look, str, pd.DataFrame]] = []
    for model in (model for model in ORDER if model in set(scores["model"])):
        rows = scores[scores["model"] == model]
        recipes = list(rows["student"].unique()) if model == "student" and "student" in rows else []
        if len(recipes) > 1:
            looks = method_styles(recipes, BESIDE_MODELS)
            kinds += [
                (f"student {label(recipe)}", looks[recipe], "-", rows[rows["student"] == recipe]) for recipe in recipes
            ]
        else:
            look = Look(color=COLORS[model], marker=MARKERS[model])
            kinds.append((label(model), look, LINES.get(model, "-"), rows))
    return kinds


def shared_legend(figure: Figure, axes: Iterable[Axes]) -> None:
    """Put one legend for all panels below the figure."""
    entries: dict[str, Artist] = {}
    for panel in axes:
        for handle, text in zip(*panel.get_legend_handles_labels(), strict=True):
            entries.setdefault(text, handle)
    known = [label(model) for model in ORDER]
    entries = dict(sorted(entries.items(), key=lambda entry: known.index(entry[0]) if entry[0] in known else 99))
    if entries:
        # Beside its words, an entry has a symbol and the room around it.
        width = 0.6 + max(text_width(text, mpl.rcParams["legend.fontsize"]) for text in entries)
        figure.set_figwidth(max(figure.get_figwidth(), width))
        columns = max(1, min(len(entries), int(figure.get_figwidth() / width)))
        figure.legend(entries.values(), entries.keys(), loc="outside lower center", ncols=columns)


def identity_line(axes: Axes) -> None:
    """Draw the line of equality over the range of both axes, and give both axes the same range."""
    low = min(axes.get_xlim()[0], axes.get_ylim()[0])
    high = max(axes.get_xlim()[1], axes.get_ylim()[1])
    axes.plot([low, high], [low, high], color="black", linewidth=0.8, linestyle=":", zorder=3)
    axes.set(xlim=(low, high), ylim=(low, high))
