"""The figure of how near predicted profiles are to the counts."""

import numpy as np
import pytest

from degu.figures import looks, profile_accuracy
from tests.figures import profile_tables
from tests.figures.cases import drawn, table_of
from tests.figures.panels import legend_texts, line_of, panels_of, rows_of

METRICS = ("jensen_shannon_distance", "bits_per_count")
SEVERAL = "profile accuracy, two targets and students"


@pytest.mark.parametrize("model", ["member", "ensemble", "student"])
def test_each_panel_has_every_model_of_its_target_and_metric_once(model):
    (panels,) = rows_of(panels_of(drawn("profile accuracy")))
    for panel, metric in zip(panels, METRICS, strict=True):
        own = table_of("profile accuracy").query(f"metric == '{metric}' and model == '{model}'")
        heights = line_of(panel, looks.label(model)).get_ydata()
        np.testing.assert_allclose(sorted(heights), sorted(own["value"]))


def test_points_and_lines_stand_at_their_subset():
    panel = panels_of(drawn("profile accuracy"))[0]
    table = table_of("profile accuracy").query("metric == 'jensen_shannon_distance'")
    ensemble = line_of(panel, "ensemble").get_xydata()
    for place, subset in enumerate(profile_tables.SUBSETS):
        own = table[table["subset"] == subset].set_index("model")["value"]
        np.testing.assert_allclose(ensemble[np.rint(ensemble[:, 0]) == place, 1], own["ensemble"])
        for model in ("uniform", "shuffled", "mean_profile", "replicate"):
            (lines,) = [part for part in panel.collections if part.get_label() == looks.label(model)]
            (height,) = [line[0, 1] for line in lines.get_segments() if line[0, 0] < place < line[1, 0]]
            assert height == pytest.approx(own[model])
    words = [text.get_text().replace("\n", " ") for text in panel.get_xticklabels()]
    assert words == ["all regions", *list(profile_tables.SUBSETS)[1:]]


def test_without_negatives_there_is_no_place_for_them():
    scores = profile_tables.scores()
    panel = panels_of(profile_accuracy.draw(scores[scores["subset"] != "negatives"], "Toy"))[0]
    assert len(panel.get_xticklabels()) == 4


def test_the_legend_goes_from_the_floor_to_the_ceiling():
    expected = ["uniform profile", "mean profile", "shuffled counts", "ensemble member", "ensemble"]
    assert legend_texts(drawn("profile accuracy")) == [*expected, "distilled student", "another replicate"]
    students = ["student DEGU, profiles", "student DEGU, short"]
    assert legend_texts(drawn(SEVERAL)) == [*expected, "another replicate", *students]


def test_models_that_all_students_share_are_drawn_once():
    for panel in panels_of(drawn(SEVERAL)):
        assert len(line_of(panel, "ensemble").get_xdata()) == 5
        assert len(line_of(panel, "ensemble member").get_xdata()) == 50


def test_infinite_bits_have_no_line():
    bits = panels_of(drawn("profile accuracy"))[1]
    words = set(bits.get_legend_handles_labels()[1])
    assert {"uniform profile", "mean profile"} <= words
    assert not {"shuffled counts", "another replicate"} & words


def test_axes_say_which_direction_is_better():
    distance, bits = panels_of(drawn("profile accuracy"))
    assert distance.get_ylabel().endswith("(lower is better)")
    assert bits.get_ylabel().endswith("(higher is better)")
