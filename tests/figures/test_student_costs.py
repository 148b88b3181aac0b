"""The figure of what students inherit of their ensemble against what they cost."""

import numpy as np
import pytest

from degu.figures import student_costs
from degu.figures.looks import label
from tests.figures.cases import drawn
from tests.figures.panels import legend_texts, panels_of
from tests.figures.tables import student_costs as table_of_costs


@pytest.mark.parametrize(("index", "column"), [(0, "pearson"), (1, "epistemic")])
def test_a_marker_stands_at_the_mean_of_each_recipe(index, column):
    panel = panels_of(drawn("student costs"))[index]
    means = table_of_costs().groupby("student")[["cost", column]].mean()
    for student, words in {"degu": "DEGU", "degu_published": label("degu_published")}.items():
        (line,) = [line for line in panel.get_lines() if line.get_label() == words]
        np.testing.assert_allclose(line.get_xydata(), [means.loc[student]])


@pytest.mark.parametrize(("index", "values"), [(0, {0.5, 0.7}), (1, {0.8})])
def test_they_are_compared_with_what_they_learn_from(index, values):
    panel = panels_of(drawn("student costs"))[index]
    level = [line for line in panel.get_lines() if len(line.get_xdata()) == 2]
    assert {value for line in level for value in line.get_ydata()} == values


def test_a_ceiling_that_cannot_be_told_is_left_out():
    figure = student_costs.draw(table_of_costs().assign(ceiling=np.nan), "Toy")
    assert label("ceiling") not in legend_texts(figure)
    assert label("ensemble") in legend_texts(figure)


def test_the_legend_names_recipes_and_what_they_are_compared_with():
    words = set(legend_texts(drawn("student costs")))
    assert {"DEGU", "ensemble member", "ensemble", "highest to be expected"} <= words
