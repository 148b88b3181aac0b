"""What tests read from a figure: its panels, their points and lines, its texts."""

import itertools

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from degu.figures import looks


def panels_of(figure: Figure) -> list[Axes]:
    """Return the panels that can be seen, without colour bars."""
    return [axes for axes in figure.axes if axes.get_subplotspec() is not None and axes.axison]


def panel_of(figure: Figure, method: str, target: str = "Dev") -> Axes:
    """Return the panel whose title names a method and a target."""
    (panel,) = [axes for axes in panels_of(figure) if axes.get_title() == f"{looks.label(method)}\n{target}"]
    return panel


def row_labels(panel: Axes) -> list[str]:
    """Return the names of the rows of a panel, from top to bottom."""
    return [label.get_text() for label in panel.get_yticklabels()]


def points_in_row(panel: Axes, place: float) -> list[float]:
    """Return where the points of a row are, the large one first."""
    lines = [line for line in panel.get_lines() if list(line.get_ydata()) and set(line.get_ydata()) == {place}]
    lines = [line for line in lines if line.get_linestyle() == "None"]
    return [float(x) for line in sorted(lines, key=lambda line: -line.get_markersize()) for x in line.get_xdata()]


def rows_of(panels: list[Axes]) -> list[list[Axes]]:
    """Return the panels of each row of a figure, from left to right."""
    rows = {}
    for panel in sorted(panels, key=lambda panel: panel.get_subplotspec().colspan.start):
        rows.setdefault(panel.get_subplotspec().rowspan.start, []).append(panel)
    return list(rows.values())


def columns_of(panels: list[Axes]) -> list[list[Axes]]:
    """Return the panels of each column of a figure, from top to bottom."""
    columns = {}
    for panel in sorted(panels, key=lambda panel: panel.get_subplotspec().rowspan.start):
        columns.setdefault(panel.get_subplotspec().colspan.start, []).append(panel)
    return list(columns.values())


def legend_texts(figure: Figure) -> list[str]:
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


def tick_labels(panel: Axes) -> list[Text]:
    """Return the labels that can be seen on the horizontal axis."""
    low, high = panel.get_xlim()
    ticks = [tick for tick in panel.xaxis.get_major_ticks() if low <= tick.get_loc() <= high]
    return [tick.label1 for tick in ticks if tick.label1.get_visible()]


def line_of(panel: Axes, label: str) -> Line2D:
    """Return the line that has a label in the legend."""
    (line,) = [line for line in panel.get_lines() if line.get_label() == label]
    return line


def styles_of(panel: Axes) -> list[tuple]:
    """Return how each line that has a label in the legend is drawn."""
    lines = [line_of(panel, label) for label in panel.get_legend_handles_labels()[1]]
    return [(to_hex(line.get_color()), line.get_marker(), line.get_linestyle(), line.get_fillstyle()) for line in lines]


def points_of(panel: Axes, model: str) -> np.ndarray:
    """Return the points, (n, 2), in the colour of a kind of model."""
    points = [
        part.get_offsets()
        for part in panel.collections
        if len(part.get_offsets()) and to_hex(part.get_facecolor()[0]) == looks.COLORS[model].lower()
    ]
    return np.concatenate(points)


def texts_of(figure: Figure) -> list[Text]:
    """Return all texts of a figure: its title and legends, and the labels and titles of its panels."""
    texts = [text for legend in figure.legends for text in legend.get_texts()]
    for panel in panels_of(figure):
        texts += [
            panel.yaxis.label,
            panel.xaxis.label,
            panel.title,
            panel._left_title,
            panel._right_title,
            *tick_labels(panel),
        ]
    return [text for text in [*texts, figure._suptitle] if text is not None and text.get_text()]


def texts_outside(figure: Figure) -> list[str]:
    """Return the texts that reach beyond the figure."""
    width, height = figure.canvas.get_width_height()
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts_of(figure)]
    return [words for words, box in boxes if min(box.x0, box.y0) < 0 or box.x1 > width or box.y1 > height]


def texts_that_overlap(figure: Figure) -> list[tuple[str, str]]:
    """Return the pairs of texts that cover one another by more than a pixel."""
    boxes = [(text.get_text(), text.get_window_extent().padded(-0.5)) for text in texts_of(figure)]
    return [(one[0], other[0]) for one, other in itertools.combinations(boxes, 2) if one[1].overlaps(other[1])]
