"""The figure of uncertainty heads against the amount of training data."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from degu.figures import looks, uncertainty_heads
from tests.figures.cases import drawn, table_of
from tests.figures.panels import legend_texts, panels_of
from tests.figures.tables import MODELS, scores


def test_the_first_panel_shows_the_student_against_its_ensemble():
    first = panels_of(drawn("uncertainty heads"))[0]
    assert "std over members" in first.get_ylabel()
    chosen = table_of("uncertainty heads").query(
        "head == 'epistemic' and split == 'test' and metric == 'pearson' and model == 'student'"
    )
    (line,) = [line for line in first.get_lines() if line.get_label() == "distilled student"]
    expected = [np.mean(chosen.loc[chosen["fraction"] == at, "value"]) for at in (0.1, 0.5, 1.0)]
    np.testing.assert_allclose(line.get_ydata(), expected)


@pytest.mark.parametrize("name", ["uncertainty heads", "uncertainty heads, one fraction"])
def test_the_legend_names_every_model_with_a_head_once(name):
    assert legend_texts(drawn(name)) == [MODELS[model] for model in ("member", "ensemble", "student")]


def test_scores_that_never_were_in_a_file_give_the_same_figure():
    from_file, in_memory = (uncertainty_heads.draw(scores(empty=empty), "Toy") for empty in (np.nan, ""))
    assert len(in_memory.axes) == len(from_file.axes)


def test_students_without_uncertainty_heads_give_a_figure_that_says_so():
    figure = uncertainty_heads.draw(scores(teachers={"a": ()}), "Toy")
    assert isinstance(figure, Figure)
    assert [text.get_text() for text in figure.axes[0].texts] == ["no model has an uncertainty head"]


def test_the_head_of_replicates_takes_the_place_of_the_aleatoric_one_at_its_own_teacher():
    table = scores()
    before = [panel.get_ylabel() for panel in panels_of(uncertainty_heads.draw(table, "Toy"))]
    aleatoric = table[table["head"] == "aleatoric"]
    teachers = aleatoric["teacher"].unique()
    own = pd.concat([table, aleatoric[aleatoric["teacher"] == teachers[0]].assign(head="replicate_std")])
    panels = panels_of(uncertainty_heads.draw(own, "Toy"))
    drawn_for_first = [
        panel.get_ylabel().split("\n")[1]
        for panel in panels
        if panel.get_title().startswith(looks.label(teachers[0]) + "\n")
    ]
    assert any("the aleatoric head" in words for words in before)
    assert "the replicate std head" in drawn_for_first
    assert "the aleatoric head" not in drawn_for_first
