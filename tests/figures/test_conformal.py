"""The figure of conformal intervals: their coverage against their width."""

import numpy as np
import pytest

from degu.figures import conformal
from tests.figures.cases import drawn, table_of
from tests.figures.panels import line_of, panel_of, panels_of, styles_of
from tests.figures.uncertainty_tables import BOTH, CONFORMAL, METHODS, ROWS, UNITS, conformal_table, mean_of, model_of


@pytest.mark.parametrize("target", BOTH)
@pytest.mark.parametrize("method", METHODS)
def test_points_are_means_over_seeds(method, target):
    table = table_of("conformal, two targets")
    panel = panel_of(drawn("conformal, two targets"), method, target)
    names = {name: (name, "test") for name in CONFORMAL}
    # On the shifted rows, only the method whose guarantee the shift breaks and the one that restores it are drawn.
    names |= {f"{name}, GC shift": (name, "shifted") for name in ("split", "weighted")}
    assert set(panel.get_legend_handles_labels()[1]) == set(names)
    for label, (name, population) in names.items():
        wanted = {"method": method, "target": target, "model": model_of(method), "level": 0.9}
        wanted |= {"conformal": name, "population": population}
        line = line_of(panel, label)
        assert line.get_xdata()[0] == pytest.approx(mean_of(table, "width", "target", **wanted).item())
        assert line.get_ydata()[0] == pytest.approx(mean_of(table, "coverage", "target", **wanted).item())


@pytest.mark.parametrize(("level", "calibration", "test", "rank"), [(0.9, 300, 200, 271), (0.8, 79, 50, 64)])
def test_the_band_is_where_a_valid_method_lies(level, calibration, test, rank):
    """The quantile is the 271st of 300 calibration errors, above which 300 - 271 + 1 = 30 of the 301 gaps lie.

    So the fraction of all possible rows below it is drawn from Beta(271, 30), and the test rows are drawn given that.
    """
    panel = panels_of(conformal.draw(conformal_table(), level, {"calibration": calibration, "test": test}, "Toy"))[0]
    (band,) = panel.patches
    draws = np.random.default_rng(1).beta(rank, calibration + 1 - rank, 400_000)
    covered = np.random.default_rng(2).binomial(test, draws) / test
    low, high = np.quantile(covered, [0.005, 0.995])
    assert band.get_y() == pytest.approx(low, abs=1.5 / test)
    assert band.get_y() + band.get_height() == pytest.approx(high, abs=1.5 / test)
    assert any(set(line.get_ydata()) == {level} for line in panel.get_lines() if len(line.get_xdata()) == 2)


def test_an_infinite_width_is_not_drawn_and_does_no_harm():
    table = conformal_table()
    table.loc[table["conformal"] == "mondrian_gc", "width"] = np.inf
    figure = conformal.draw(table, 0.9, ROWS, "Toy")
    figure.canvas.draw()
    assert all(np.isfinite(panel.get_xlim()).all() for panel in panels_of(figure))


@pytest.mark.parametrize("target", BOTH)
def test_widths_are_in_the_unit_of_the_target(target):
    label = panel_of(drawn("conformal, two targets"), "degu", target).get_xlabel()
    assert label == f"mean width of the interval\n[{UNITS[target]}]"


def test_targets_without_a_unit_are_drawn():
    """Tables of a user may name no unit."""
    figure = conformal.draw(conformal_table().assign(unit=np.nan), 0.9, ROWS, "Toy")
    assert len(panels_of(figure)) == len(METHODS)


@pytest.mark.parametrize("count", [10, 20])
def test_every_conformal_method_has_a_style_of_its_own(count):
    names = ["split", *(f"conformal{index}" for index in range(1, count))]
    (panel,) = panels_of(conformal.draw(conformal_table({"degu": METHODS["degu"]}, names=names), 0.9, ROWS, "Toy"))
    assert len(set(styles_of(panel))) == len(styles_of(panel)) == count + 2
