"""The figure of accuracy against coverage."""

import numpy as np
import pytest

from degu.figures import accuracy_and_coverage
from tests.figures.cases import drawn
from tests.figures.panels import line_of, panels_of, styles_of
from tests.figures.uncertainty_tables import BOTH, METHODS, mean_of, scores


@pytest.mark.parametrize("empty", [np.nan, ""])
@pytest.mark.parametrize("target", BOTH)
def test_it_shows_every_seed_and_their_mean(target, empty):
    table = scores(targets=BOTH, empty=empty)
    figure = accuracy_and_coverage.draw(table, "Toy")
    (panel,) = [panel for panel in panels_of(figure) if panel.get_title() == target]
    expected = {}
    for method, own in METHODS.items():
        for model, kinds in own.items():
            if "total" in kinds:
                label = f"{method}, {'one ' if model != 'ensemble' else ''}{model if model != 'member' else 'model'}"
                wanted = {"target": target, "method": method, "model": model}
                coverage = mean_of(
                    table, "value", "seed", metric="coverage", uncertainty="total", recalibration="none", **wanted
                )
                expected[label] = (coverage, mean_of(table, "value", "seed", metric="pearson", **wanted))
    assert list(dict.fromkeys(panel.get_legend_handles_labels()[1])) == list(expected)
    clouds = [(line.get_xdata(), line.get_ydata()) for line in panel.get_lines() if line.get_markersize() == 3]
    for label, (coverage, accuracy) in expected.items():
        line = line_of(panel, label)
        assert line.get_xdata()[0] == pytest.approx(coverage.mean())
        assert line.get_ydata()[0] == pytest.approx(accuracy.mean())
        points = set(zip(coverage, accuracy, strict=True))
        assert any(set(zip(*cloud, strict=True)) == points for cloud in clouds), label
        assert (line.get_fillstyle() == "none") == label.endswith("ensemble")


def test_panels_of_two_targets_name_theirs():
    titles = [panel.get_title() for panel in panels_of(drawn("accuracy and coverage, two targets"))]
    assert titles == list(BOTH)


@pytest.mark.parametrize("name", ["accuracy and coverage, one target", "accuracy and coverage, twenty methods"])
def test_every_symbol_has_a_style_of_its_own(name):
    (panel,) = panels_of(drawn(name))
    assert len(set(styles_of(panel))) == len(styles_of(panel)) == len(panel.get_legend_handles_labels()[1])
