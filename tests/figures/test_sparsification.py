"""The figure of sparsification curves."""

import numpy as np
import pytest

from tests.figures.cases import drawn, table_of
from tests.figures.panels import line_of, panels_of, styles_of
from tests.figures.uncertainty_tables import BOTH, METHODS, mean_of


@pytest.mark.parametrize("target", BOTH)
def test_lines_are_means_over_seeds_beside_the_best_there_can_be(target):
    table = table_of("sparsification, two targets")
    (panel,) = [panel for panel in panels_of(drawn("sparsification, two targets")) if panel.get_title() == target]
    expected = {
        f"{method}, {model}": (method, model)
        for method, own in METHODS.items()
        for model, kinds in own.items()
        if "total" in kinds
    }
    assert set(panel.get_legend_handles_labels()[1]) == {*expected, "set aside by true error"}
    wanted = {"target": target, "uncertainty": "total"}
    for label, (method, model) in expected.items():
        own = {"curve": "sparsification", "method": method, "model": model, **wanted}
        np.testing.assert_allclose(line_of(panel, label).get_ydata(), mean_of(table, "y", "x", **own))
    oracle = line_of(panel, "set aside by true error")
    np.testing.assert_allclose(oracle.get_ydata(), mean_of(table, "y", "x", curve="oracle", **wanted))
    np.testing.assert_allclose(oracle.get_xdata().astype(float), np.arange(20) / 20)


def test_panels_of_two_targets_name_theirs():
    titles = [panel.get_title() for panel in panels_of(drawn("sparsification, two targets"))]
    assert titles == list(BOTH)


@pytest.mark.parametrize("name", ["sparsification, one target", "sparsification, twenty methods"])
def test_every_line_has_a_style_of_its_own(name):
    (panel,) = panels_of(drawn(name))
    assert len(set(styles_of(panel))) == len(styles_of(panel)) == len(panel.get_legend_handles_labels()[1])
