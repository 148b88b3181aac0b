"""The figure of the headlines of a run."""

import numpy as np
import pandas as pd
import pytest

from degu.figures import headlines
from tests.figures.cases import drawn, table_of
from tests.figures.panels import legend_texts, panels_of, texts_outside
from tests.figures.tables import coverage, scores
from tests.figures.uncertainty_tables import BOTH

NAMES = ["headlines", "headlines, two targets"]


@pytest.mark.parametrize("name", NAMES)
def test_every_student_stands_in_each_panel_at_the_highest_fraction(name):
    chosen = table_of(name).query(
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
    assert [text.get_text() for text in panel.get_yticklabels()] == [
        f"Toy assay\n{target}" for target in reversed(BOTH)
    ]


def test_teachers_are_named_where_there_are_several():
    panel = panels_of(drawn("headlines, two teachers"))[0]
    assert [text.get_text() for text in panel.get_yticklabels()] == [
        "Toy assay\nDev\nDEGU of b",
        "Toy assay\nDev\nDEGU of a",
    ]


@pytest.mark.parametrize(("count", "shown"), [(3, ["c", "b", "a"]), (4, ["a"])])
def test_of_more_than_three_students_of_a_teacher_the_first_is_shown(count, shown):
    table = scores(("Dev",)).query("fraction == 1")
    others, students = table[table["model"] != "student"], table[table["model"] == "student"]
    recipes = [students.assign(student=name) for name in "abcd"[:count]]
    covered = pd.concat([coverage(("Dev",)).assign(student=name) for name in "abcd"[:count]])
    figure = headlines.draw(pd.concat([others, *recipes]), covered, {"toy": "Toy assay"}, "title")
    names = [text.get_text().split("\n")[2:] for text in figure.axes[0].get_yticklabels()]
    expected = [[f"{name} of small"] for name in shown] if count == 3 else [[]]
    assert [name[:1] for name in names] == expected


@pytest.mark.parametrize(
    ("titles", "words"),
    [
        ({"toy": "Toy assay", "other": "Another assay"}, ["Toy assay", "Another assay"]),
        # A long title has two lines.
        (
            {"toy": "lentiMPRA HepG2 (Inoue 2017)", "other": "Another"},
            ["lentiMPRA HepG2\n(Inoue 2017)", "Another"],
        ),
        # Titles that are alike tell no data sets apart.
        ({"toy": "Assay", "other": "Assay"}, ["Assay (toy)", "Assay (other)"]),
    ],
)
def test_data_sets_are_called_by_their_titles(titles, words):
    both = pd.concat([scores(), scores().assign(dataset="other")])
    covered = pd.concat([coverage(), coverage().assign(dataset="other")])
    figure = headlines.draw(both, covered, titles, "Toy")
    figure.draw_without_rendering()
    panel = panels_of(figure)[0]
    assert [text.get_text() for text in panel.get_yticklabels()] == [f"{name}\nDev" for name in reversed(words)]
    assert texts_outside(figure) == []


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
