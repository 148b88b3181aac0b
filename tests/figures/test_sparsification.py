"""The figure of sparsification curves."""

import numpy as np
import pytest

from degu.figures import looks
from tests.figures.cases import drawn, table_of
from tests.figures.panels import line_of, panels_of, points_in_row, row_labels, styles_of
from tests.figures.uncertainty_tables import BOTH, METHODS, mean_of

KINDS = [(method, model) for method, own in METHODS.items() for model, kinds in own.items() if "total" in kinds]


def panels_of_target(target: str) -> list:
    return [panel for panel in panels_of(drawn("sparsification, two targets")) if panel.get_title() == target]


@pytest.mark.parametrize("target", BOTH)
def test_lines_of_teacher_and_students_are_means_over_seeds_beside_the_best_there_can_be(target):
    table = table_of("sparsification, two targets")
    panel, _ = panels_of_target(target)
    expected = {
        f"{looks.label(method)}, {model}": (method, model)
        for method, model in KINDS
        if method == "small" or model == "student"
    }
    assert set(panel.get_legend_handles_labels()[1]) == {*expected, "set aside by true error"}
    wanted = {"target": target, "uncertainty": "total"}
    for label, (method, model) in expected.items():
        own = {"curve": "sparsification", "method": method, "model": model, **wanted}
        np.testing.assert_allclose(line_of(panel, label).get_ydata(), mean_of(table, "y", "x", **own))
    oracle = line_of(panel, "set aside by true error")
    np.testing.assert_allclose(oracle.get_ydata(), mean_of(table, "y", "x", curve="oracle", **wanted))
    np.testing.assert_allclose(oracle.get_xdata().astype(float), np.arange(20) / 20)
    assert len(set(styles_of(panel))) == len(styles_of(panel))


@pytest.mark.parametrize("target", BOTH)
def test_each_row_is_the_share_of_the_best_possible_reduction(target):
    table = table_of("sparsification, two targets")
    _, panel = panels_of_target(target)
    assert row_labels(panel) == [f"{looks.label(method)}, {model}" for method, model in KINDS]
    for place, (method, model) in enumerate(KINDS):
        wanted = {"target": target, "uncertainty": "total", "method": method, "model": model}
        own, best = (mean_of(table, "y", "seed", curve=curve, **wanted) for curve in ("sparsification", "oracle"))
        shares = (1 - own) / (1 - best)
        mean, *each = points_in_row(panel, place)
        assert mean == pytest.approx(shares.mean())
        assert each == pytest.approx(shares if len(shares) > 1 else [])


def test_panels_of_two_targets_name_theirs():
    titles = [panel.get_title() for panel in panels_of(drawn("sparsification, two targets"))]
    assert titles == [target for target in BOTH for _ in range(2)]
