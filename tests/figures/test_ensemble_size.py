"""The figure of accuracy and uncertainty against the number of members."""

import numpy as np

from tests.figures.cases import drawn
from tests.figures.panels import panels_of, rows_of
from tests.figures.tables import ensemble_sizes


def test_lines_join_the_means_at_each_size():
    table = ensemble_sizes()
    for panel, metric in zip(panels_of(drawn("ensemble size")), ("pearson", "epistemic_pearson"), strict=False):
        lines = {line.get_label(): line.get_xydata() for line in panel.get_lines()}
        for model, words in {"ensemble": "ensemble", "student": "distilled student"}.items():
            own = table[(table["model"] == model) & (table["metric"] == metric)]
            expected = own.groupby("size")["value"].mean()
            np.testing.assert_allclose(lines[words], np.stack([expected.index, expected], axis=1))


def test_the_nominal_coverage_is_a_line():
    panel = panels_of(drawn("ensemble size"))[2]
    assert "coverage" in panel.get_ylabel()
    assert any(set(line.get_ydata()) == {0.95} for line in panel.get_lines())


def test_only_the_score_of_distributions_has_the_unit_of_the_target():
    rows = rows_of(panels_of(drawn("ensemble size, two targets")))
    assert [row[-1].get_ylabel() for row in rows] == ["CRPS\n[log2]", "CRPS\n[counts]"]
    assert not any("[" in panel.get_ylabel() for row in rows for panel in row[:-1])
    # A target may have no unit.
    assert panels_of(drawn("ensemble size"))[-1].get_ylabel() == "CRPS"
