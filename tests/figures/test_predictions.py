"""The figure of predicted against measured values."""

import numpy as np
import pytest

from degu.figures import predictions
from tests.figures.cases import drawn, table_of
from tests.figures.panels import panels_of
from tests.figures.tables import predicted
from tests.figures.uncertainty_tables import UNITS


@pytest.mark.parametrize(
    ("name", "targets"), [("predictions, all heads", ["Dev"]), ("predictions, two targets", ["Dev", "Hk"])]
)
def test_each_targets_row_begins_with_its_name(name, targets):
    panels = panels_of(drawn(name))
    assert [panel.get_title(loc="left") for panel in panels if panel.get_title(loc="left")] == targets


def test_both_axes_of_every_panel_have_the_unit_of_their_target():
    panels = panels_of(drawn("predictions, two targets"))
    for index, panel in enumerate(panels):
        unit = f"\n[{UNITS['Dev' if index < len(panels) / 2 else 'Hk']}]"
        for words in (panel.get_xlabel(), panel.get_ylabel()):
            assert len(words) > len(unit) and words.endswith(unit)


def test_labels_without_a_unit_have_no_brackets():
    """Tables of a user may name no unit."""
    for panel in panels_of(predictions.draw(predicted(), {"Dev": ""}, "Toy")):
        assert panel.get_xlabel() and panel.get_ylabel()
        assert "[" not in panel.get_xlabel() + panel.get_ylabel()


def test_predictions_are_those_of_the_first_student_with_their_correlation():
    table = table_of("predictions")
    first = table[table["seed"] == 2]
    panel = panels_of(drawn("predictions"))[0]
    np.testing.assert_allclose(panel.collections[0].get_offsets(), first[["measured", "ensemble_mean"]])
    correlation = np.corrcoef(first["measured"], first["ensemble_mean"])[0, 1]
    assert panel.get_title(loc="right") == f"r = {correlation:.2f}"


def test_many_predictions_are_drawn_as_a_density_with_a_scale():
    bars = [axes for axes in drawn("predictions, many").axes if axes.get_subplotspec() is None]
    assert [bar.get_ylabel() for bar in bars] == ["sequences (log scale)"] * 4
    for bar in bars:
        assert len(bar.get_yticks()) > 1
        assert all(float(text.get_text()) > 0 for text in bar.get_yticklabels(which="both"))


def test_the_head_of_replicates_is_what_is_compared_with_replicates():
    pairs = {
        (panel.get_xlabel(), panel.get_ylabel()) for panel in panels_of(drawn("predictions, a head of replicates"))
    }
    assert ("std over replicates\n[log2]", "student's replicate std\n[log2]") in pairs
    assert ("std over replicates\n[log2]", "student's aleatoric std\n[log2]") not in pairs


def test_the_head_of_replicates_is_what_is_compared_with_the_true_noise():
    table = table_of("predictions, a head of replicates")
    figure = predictions.draw(table.assign(truth_noise_std=table["replicate_std"]), UNITS, "Toy")
    vertical = [panel.get_ylabel() for panel in panels_of(figure) if panel.get_xlabel() == "true noise std\n[log2]"]
    assert vertical == ["student's replicate std\n[log2]"]
