"""The figure of accuracy beside coverage."""

import numpy as np
import pytest

from degu.figures import accuracy_and_coverage, looks
from tests.figures.cases import drawn
from tests.figures.panels import panels_of, points_in_row, row_labels
from tests.figures.uncertainty_tables import BOTH, METHODS, mean_of, scores

KINDS = [(method, model) for method, own in METHODS.items() for model in own]


@pytest.mark.parametrize("empty", [np.nan, ""])
@pytest.mark.parametrize("target", BOTH)
def test_it_shows_every_seed_and_their_mean(target, empty):
    table = scores(targets=BOTH, empty=empty)
    accuracy, coverage = [
        panel for panel in panels_of(accuracy_and_coverage.draw(table, "Toy")) if panel.get_title() == target
    ]
    assert row_labels(accuracy) == [f"{looks.label(method)}, {model}" for method, model in KINDS]
    for place, (method, model) in enumerate(KINDS):
        wanted = {"target": target, "method": method, "model": model}
        expected = mean_of(table, "value", "seed", metric="pearson", **wanted)
        assert points_in_row(accuracy, place) == pytest.approx(_with_mean(expected))
        wanted |= {"metric": "coverage", "uncertainty": "total", "recalibration": "none"}
        expected = mean_of(table, "value", "seed", **wanted) if "total" in METHODS[method][model] else []
        assert points_in_row(coverage, place) == pytest.approx(_with_mean(expected))


def _with_mean(values: np.ndarray) -> list[float]:
    """Return the mean and, if there are several, the values."""
    return [np.mean(values), *values] if len(values) > 1 else list(values)


def test_only_ensembles_are_open():
    table = scores()
    panel = panels_of(accuracy_and_coverage.draw(table, "Toy"))[0]
    large = {line.get_ydata()[0]: line for line in panel.get_lines() if line.get_markersize() == 5}
    for place, (_, model) in enumerate(KINDS):
        assert (large[place].get_fillstyle() == "none") == (model == "ensemble")


@pytest.mark.parametrize(
    ("metric", "column", "usual", "outlier"), [("coverage", 1, 0.94, 0.1), ("pearson", 0, 0.6, -0.2)]
)
def test_one_outlier_does_not_take_the_axis(metric, column, usual, outlier):
    table = scores()
    table.loc[table["metric"] == metric, "value"] = usual
    table.loc[(table["metric"] == metric) & (table["method"] == "degu"), "value"] = outlier
    panel = panels_of(accuracy_and_coverage.draw(table, "Toy"))[column]
    low, high = panel.get_xlim()
    assert usual - 0.02 < low < usual < high
    assert [words.get_text() for words in panel.texts] == [f"{outlier:g}"]


def test_low_coverages_of_most_methods_are_shown_where_they_are():
    """The axis once began at 0.75, wherever the values were."""
    table = scores()
    table.loc[table["metric"] == "coverage", "value"] = np.linspace(0.2, 0.6, (table["metric"] == "coverage").sum())
    panel = panels_of(accuracy_and_coverage.draw(table, "Toy"))[1]
    low, high = panel.get_xlim()
    assert low < 0.2 and high > 1.0
    assert list(panel.texts) == []
    assert {line.get_marker() for line in panel.get_lines()} & {"<", ">"} == set()


def test_panels_of_two_targets_name_theirs():
    titles = [panel.get_title() for panel in panels_of(drawn("accuracy and coverage, two targets"))]
    assert titles == [target for target in BOTH for _ in range(2)]
