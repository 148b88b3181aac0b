"""The figure of coverage against the width of intervals."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from degu.figures import interval_coverage, looks
from tests.figures.cases import drawn, table_of
from tests.figures.panels import line_of, panel_of, panels_of
from tests.figures.uncertainty_tables import BOTH, METHODS, UNITS, curves, mean_of


@pytest.mark.parametrize("target", BOTH)
@pytest.mark.parametrize("method", METHODS)
def test_lines_join_the_means_over_seeds(method, target):
    table = table_of("interval coverage, two targets")
    panel = panel_of(drawn("interval coverage, two targets"), method, target)
    expected = {}
    for model, kinds in METHODS[method].items():
        for kind in kinds:
            wanted = {"method": method, "target": target, "model": model, "uncertainty": kind, "recalibration": "none"}
            label = f"{kind}, one member" if model == "member" else kind
            expected[label] = [mean_of(table, "y", "x", curve=curve, **wanted) for curve in ("width", "coverage")]
    assert set(panel.get_legend_handles_labels()[1]) == set(expected)
    for label, (width, coverage) in expected.items():
        line = line_of(panel, label)
        np.testing.assert_allclose(line.get_xdata(), width)
        np.testing.assert_allclose(line.get_ydata(), coverage)
        assert to_hex(line.get_color()) == looks.COLORS[label.split(",")[0]].lower()
        assert (line.get_linestyle() == ":") == ("one member" in label)
    # A point stands where the nominal level is 95 %, which is the last of the levels.
    points = [(line.get_xdata()[0], line.get_ydata()[0]) for line in panel.get_lines() if len(line.get_xdata()) == 1]
    assert len(points) == len(expected)
    last = [(width[-1], coverage[-1]) for width, coverage in expected.values()]
    np.testing.assert_allclose(sorted(points), sorted(last))


def test_it_shows_what_was_predicted_and_not_what_was_recalibrated():
    table = table_of("interval coverage, one target")
    only = interval_coverage.draw(table[table["recalibration"] == "none"], UNITS, "Toy")
    for one, other in zip(panels_of(only), panels_of(drawn("interval coverage, one target")), strict=True):
        assert len(one.get_lines()) == len(other.get_lines())


@pytest.mark.parametrize("target", BOTH)
def test_widths_are_in_the_unit_of_the_target(target):
    label = panel_of(drawn("interval coverage, two targets"), "degu", target).get_xlabel()
    assert label == f"mean width of the interval\n[{UNITS[target]}]"


def test_without_a_unit_there_are_no_brackets():
    panels = panels_of(interval_coverage.draw(curves(), {"Dev": ""}, "Toy"))
    assert all(panel.get_xlabel().strip() == "mean width of the interval" for panel in panels)
