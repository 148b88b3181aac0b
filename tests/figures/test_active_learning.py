"""The figure of accuracy against the number of labels, by strategy."""

import numpy as np
import pytest

from degu.figures import looks
from tests.figures.cases import drawn
from tests.figures.panels import legend_texts, panels_of
from tests.figures.tables import active_learning


@pytest.mark.parametrize(("case", "reference"), [("", "truth"), (", measured alone", "measured")])
@pytest.mark.parametrize(("index", "model"), [(0, "ensemble"), (1, "student")])
def test_a_line_holds_the_means_of_a_strategy_and_a_band_their_intervals(case, reference, index, model):
    curves, _ = active_learning(references=("measured",) if case else ("measured", "truth"))
    own = curves.query(f"metric == 'pearson' and reference == '{reference}' and model == '{model}'")
    panel = panels_of(drawn(f"active learning{case}"))[index]
    assert {"truth": "true activity", "measured": "measured activity"}[reference] in panel.get_ylabel()
    lines = {line.get_label(): line.get_xydata() for line in panel.get_lines()}
    for (strategy, rows), band in zip(own.groupby("strategy", sort=False), panel.collections, strict=True):
        np.testing.assert_allclose(lines[looks.label(strategy)], rows[["labels", "value"]])
        heights = band.get_paths()[0].vertices[:, 1]
        np.testing.assert_allclose([heights.min(), heights.max()], [rows["low"].min(), rows["high"].max()])


def test_random_choice_is_dashed_and_in_no_row_of_the_advantages():
    panels = panels_of(drawn("active learning"))
    dashed = [line.get_label() for line in panels[0].get_lines() if line.get_linestyle() == "--"]
    assert dashed == ["random"]
    assert [text.get_text() for text in panels[2].get_yticklabels()] == ["student epistemic", "core-set", "BADGE-like"]


def test_advantages_stand_with_their_intervals_in_the_row_of_their_strategy():
    _, comparison = active_learning()
    own = comparison.query("metric == 'pearson' and reference == 'truth' and quantity == 'area'")
    panel = panels_of(drawn("active learning"))[2]
    bars = {tuple(line.get_xdata()): line.get_ydata()[0] for line in panel.get_lines() if len(line.get_xdata()) == 2}
    for row in own.to_dict("records"):
        place = ["student_epistemic", "core_set", "badge"].index(row["strategy"])
        height = bars[row["low"], row["high"]]
        assert round(height) == place
        # The ensemble stands above the student; rows go down.
        assert (height < place) == (row["model"] == "ensemble")


def test_the_legend_names_each_strategy_once():
    assert legend_texts(drawn("active learning")) == ["random", "student epistemic", "core-set", "BADGE-like"]
