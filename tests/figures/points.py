"""Checks of panels that show one point for each model, by attribution method."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from degu.figures import looks
from tests.figures.panels import panels_of, points_of


def assert_points(panel: Axes, table: pd.DataFrame, model: str) -> None:
    """Check that a panel has each value once, beside the tick of its method."""
    methods = methods_of(panel)
    points, own = points_of(panel, model), table[table["model"] == model]
    nearest = [methods[position] for position in np.rint(points[:, 0]).astype(int)]
    expected = zip(own["method"].map(looks.label), own["value"], strict=True)
    assert sorted(zip(nearest, points[:, 1], strict=True)) == sorted(expected)
    assert np.abs(points[:, 0] - np.rint(points[:, 0])).max() < 0.4


def assert_methods(figure: Figure, table: pd.DataFrame) -> None:
    """Check that each panel has a tick for each method, in the order of the table, and room for all."""
    methods = list(dict.fromkeys(table["method"].map(looks.label)))
    for panel in panels_of(figure):
        assert methods_of(panel) == methods
        low, high = panel.get_xlim()
        assert low < 0 and high > len(methods) - 1


def methods_of(panel: Axes) -> list[str]:
    """Return the methods that the ticks of a panel name."""
    return [label.get_text().replace("\n", " ") for label in panel.get_xticklabels()]
