"""The figure of the headlines of a run."""

import numpy as np
import pytest

from tests.figures.cases import drawn, table_of
from tests.figures.panels import legend_texts, panels_of
from tests.figures.tables import coverage
from tests.figures.uncertainty_tables import BOTH

NAMES = ["headlines", "headlines, two targets"]


@pytest.mark.parametrize("name", NAMES)
def test_every_student_stands_in_each_panel_at_the_highest_fraction(name):
    scores = table_of(name)
    chosen = scores.query(
        "split == 'test' and metric == 'pearson' and fraction == 1 and model == 'student' and reference in "
        "('measured', 'ensemble') and head in ('mean', 'epistemic')"
    )
    covered = coverage(BOTH if "two" in name else ("Dev",))
    expected = [
        chosen.query("head == 'mean' and reference == 'measured'")["value"],
        chosen.query("head == 'epistemic'")["value"],
        covered["value"],
    ]
    for panel, values in zip(panels_of(drawn(name)), expected, strict=True):
        points = [part.get_offsets() for part in panel.collections if part.get_label() == "distilled student"]
        np.testing.assert_allclose(np.sort(np.concatenate(points)[:, 0]), np.sort(values))


def test_rows_are_named_by_data_set_and_target():
    panel = panels_of(drawn("headlines, two targets"))[0]
    assert [text.get_text() for text in panel.get_yticklabels()] == [f"toy\n{target}" for target in reversed(BOTH)]


def test_teachers_are_named_where_there_are_several():
    panel = panels_of(drawn("headlines, two teachers"))[0]
    assert [text.get_text() for text in panel.get_yticklabels()] == ["toy\nDev\nDEGU of b", "toy\nDev\nDEGU of a"]


def test_the_legend_names_every_model_once():
    words = ["k-mer ridge", "ensemble member", "ensemble", "distilled student", "nominal level"]
    assert legend_texts(drawn("headlines")) == words


@pytest.mark.parametrize(("name", "rows"), [("headlines", 1), ("headlines, two targets", 2)])
def test_each_row_is_high_enough_for_its_name(name, rows):
    figure = drawn(name)
    for panel in panels_of(figure):
        assert panel.get_position().height * figure.get_figheight() > 0.35 * rows


def test_the_nominal_coverage_is_a_line():
    panel = panels_of(drawn("headlines"))[2]
    assert any(set(line.get_xdata()) == {0.95} for line in panel.get_lines())
