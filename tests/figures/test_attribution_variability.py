"""The figure of the variability of attribution maps over seeds."""

import itertools

import numpy as np
import pytest

from degu.figures import attribution_variability, looks
from tests.figures.attribution_tables import HEADS, METHODS
from tests.figures.cases import drawn, table_of
from tests.figures.panels import panels_of, texts_that_overlap


def test_each_sequence_is_shown_and_how_many_are_below_the_line():
    table = table_of("attribution variability, three heads")
    panels = panels_of(drawn("attribution variability, three heads"))
    for panel, ((target, head), method) in zip(panels, itertools.product(HEADS, METHODS), strict=True):
        assert panel.get_title() == f"{looks.label(method)}\n{head} of {target}: 25 % below"
        own = table[(table["target"] == target) & (table["head"] == head) & (table["method"] == method)]
        np.testing.assert_array_equal(panel.collections[0].get_offsets(), own[["member", "student"]])
        unit = "\n[log2]" if target == "Dev" else ""
        assert panel.get_xlabel() == f"std of maps over members{unit}"
        assert panel.get_ylabel() == f"std of maps over students{unit}"
        (line,) = panel.get_lines()
        np.testing.assert_array_equal(line.get_xdata(), line.get_ydata())
        assert panel.get_xlim() == panel.get_ylim()
        (low, high), shown = panel.get_xlim(), own[["member", "student"]].to_numpy()
        assert low <= shown.min() and shown.max() <= high


@pytest.mark.parametrize("largest", [0.00173, 0.00098, 0.0039, 0.021, 0.97, 14.0])
def test_the_labels_of_the_ticks_do_not_overlap(largest):
    table = table_of("attribution variability, three heads")
    spread = np.linspace(0.3, 1, len(table)) * largest
    figure = attribution_variability.draw(table.assign(member=spread, student=0.8 * spread), {}, "Toy")
    figure.draw_without_rendering()
    assert texts_that_overlap(figure) == []
