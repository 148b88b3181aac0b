"""The figure of the uncertainty of profiles."""

import numpy as np
import pandas as pd
import pytest

from degu.figures import looks, profile_uncertainty
from tests.figures import profile_tables
from tests.figures.cases import drawn, table_of
from tests.figures.panels import legend_texts, line_of, panels_of

CASE = "profile uncertainty"
HEADS = ("profile_epistemic", "profile_aleatoric", "total")


@pytest.mark.parametrize(("index", "metric"), list(enumerate(["pearson", "coverage", "width"])))
def test_each_panel_shows_its_metric_by_head(index, metric):
    panel = panels_of(drawn(CASE))[index]
    for model in ("student", *(["ensemble"] if metric != "pearson" else [])):
        points = line_of(panel, looks.label(model)).get_xydata()
        for place, head in enumerate(HEADS[:2] if metric == "pearson" else HEADS):
            labels = f"metric == '{metric}' and model == '{model}' and head == '{head}'"
            own = table_of(CASE).query(f"{labels} and subset == 'regions'")
            assert len(own)
            np.testing.assert_allclose(sorted(points[np.rint(points[:, 0]) == place, 1]), sorted(own["value"]))


def test_correlations_have_their_ceilings_beside_them():
    panel = panels_of(drawn(CASE))[0]
    (lines,) = [part for part in panel.collections if part.get_label() == "highest to be expected"]
    ceilings = table_of(CASE).query("model == 'ceiling' and subset == 'regions'").set_index("head")["value"]
    np.testing.assert_allclose([line[0, 1] for line in lines.get_segments()], ceilings[list(HEADS[:2])])


def test_the_nominal_level_is_a_line_of_the_panel_of_coverage():
    pearson, coverage, width = panels_of(drawn(CASE))
    words = "nominal level, 95 %"
    assert set(line_of(coverage, words).get_ydata()) == {0.95}
    for other in (pearson, width):
        assert words not in other.get_legend_handles_labels()[1]
    assert words in legend_texts(drawn(CASE))


def test_places_are_those_that_have_values():
    found = [
        [text.get_text() for text in panel.get_xticklabels()]
        for panel in panels_of(drawn("profile uncertainty, no aleatoric head"))
    ]
    assert [len(words) for words in found] == [1, 2, 2]
    assert found[0][0].startswith("epistemic,") and found[1] == found[2] == ["epistemic", "total"]


def test_correlations_with_other_references_are_left_out():
    table = profile_tables.uncertainty()
    others = table[table["metric"] == "pearson"].assign(reference="truth", value=0.1)
    panel = panels_of(profile_uncertainty.draw(pd.concat([table, others], ignore_index=True), "Toy"))[0]
    assert line_of(panel, "distilled student").get_ydata().min() > 0.5


def test_tables_without_uncertainty_give_a_figure_that_says_so():
    figure = profile_uncertainty.draw(profile_tables.uncertainty().iloc[:0], "Toy")
    assert [text.get_text() for text in figure.axes[0].texts] == ["no model has an uncertainty of profiles"]
