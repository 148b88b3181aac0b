"""The figure of conformal intervals: their coverage and their width."""

import numpy as np
import pytest

from degu.figures import conformal, looks
from tests.figures.cases import drawn, table_of
from tests.figures.panels import columns_of, panels_of, row_labels
from tests.figures.uncertainty_tables import BOTH, CONFORMAL, METHODS, ROWS, UNITS, conformal_table, mean_of, model_of

# On the shifted rows, only the method whose guarantee the shift breaks and the one that restores it are drawn.
NAMES = {looks.label(name): (name, "test") for name in CONFORMAL} | {
    f"{name}, GC shift": (name, "shifted") for name in ("split", "weighted")
}


def panels_of_target(target: str) -> list:
    return [panel for panel in panels_of(drawn("conformal, two targets")) if panel.get_title() == target]


def points_of_method(panel, method: str) -> dict[str, float]:
    """Return the value of a method in each row, by the name of the row."""
    look = looks.method_styles(METHODS)[method]
    lines = [
        line
        for line in panel.get_lines()
        if len(line.get_xdata()) == 1 and line.get_color() == look["color"] and line.get_marker() == look["marker"]
    ]
    names = row_labels(panels_of(panel.figure)[0])
    return {names[round(float(line.get_ydata()[0]))]: float(line.get_xdata()[0]) for line in lines}


@pytest.mark.parametrize("target", BOTH)
@pytest.mark.parametrize("method", METHODS)
def test_points_are_means_over_seeds(method, target):
    table = table_of("conformal, two targets")
    for column, panel in zip(("coverage", "width"), panels_of_target(target), strict=True):
        points = points_of_method(panel, method)
        assert set(points) == set(NAMES)
        for label, (name, population) in NAMES.items():
            wanted = {"method": method, "target": target, "model": model_of(method), "level": 0.9}
            wanted |= {"conformal": name, "population": population}
            assert points[label] == pytest.approx(mean_of(table, column, "target", **wanted).item())


def test_no_two_points_of_a_row_lie_on_one_another():
    for panel in panels_of(drawn("conformal, twenty methods")):
        places = [
            float(line.get_ydata()[0])
            for line in panel.get_lines()
            if len(line.get_xdata()) == 1 and line.get_linestyle() == "None"
        ]
        heights = np.diff(np.sort(places)) * panel.bbox.height / np.ptp(panel.get_ylim())
        # One inch has 100 pixels here.
        assert heights.min() > 3


def test_targets_share_the_axis_of_coverages_and_targets_of_one_unit_that_of_widths():
    table = conformal_table(targets=BOTH)
    for units, alike in ((UNITS, False), (dict.fromkeys(BOTH, "log2"), True)):
        coverages, widths = columns_of(panels_of(conformal.draw(table, 0.9, ROWS, units, "Toy")))
        assert len({panel.get_xlim() for panel in coverages}) == 1
        assert (len({panel.get_xlim() for panel in widths}) == 1) == alike


@pytest.mark.parametrize(("level", "calibration", "test", "rank"), [(0.9, 300, 200, 271), (0.8, 79, 50, 64)])
def test_the_band_is_where_a_valid_method_lies(level, calibration, test, rank):
    """The quantile is the 271st of 300 calibration errors, above which 300 - 271 + 1 = 30 of the 301 gaps lie.

    So the fraction of all possible rows below it is drawn from Beta(271, 30), and the test rows are drawn given that.
    """
    rows = {"calibration": calibration, "test": test}
    panel = panels_of(conformal.draw(conformal_table(), level, rows, UNITS, "Toy"))[0]
    (band,) = panel.patches
    draws = np.random.default_rng(1).beta(rank, calibration + 1 - rank, 400_000)
    covered = np.random.default_rng(2).binomial(test, draws) / test
    low, high = np.quantile(covered, [0.005, 0.995])
    assert band.get_x() == pytest.approx(low, abs=1.5 / test)
    assert band.get_x() + band.get_width() == pytest.approx(high, abs=1.5 / test)
    assert any(set(line.get_xdata()) == {level} for line in panel.get_lines() if len(line.get_xdata()) == 2)


def test_an_infinite_width_is_an_arrow_and_does_no_harm():
    table = conformal_table()
    table.loc[table["conformal"] == "mondrian_gc", "width"] = np.inf
    figure = conformal.draw(table, 0.9, ROWS, UNITS, "Toy")
    figure.canvas.draw()
    assert all(np.isfinite(panel.get_xlim()).all() for panel in panels_of(figure))
    assert [text.get_text() for text in panels_of(figure)[1].texts] == ["inf"]


@pytest.mark.parametrize("target", BOTH)
def test_widths_are_in_the_unit_of_the_target(target):
    assert panels_of_target(target)[1].get_xlabel() == f"mean width of intervals (log scale)\n[{UNITS[target]}]"


def test_targets_without_a_unit_are_drawn():
    """Tables of a user may name no unit."""
    figure = conformal.draw(conformal_table(), 0.9, ROWS, {"Dev": ""}, "Toy")
    assert panels_of(figure)[1].get_xlabel() == "mean width of intervals (log scale)"
