"""The figure of designs."""

import numpy as np
import pytest

from degu.figures import looks
from tests.figures.cases import drawn
from tests.figures.design_tables import DESIGNS, STEPS, designs
from tests.figures.panels import legend_texts, panels_of, tick_labels

QUANTITIES = ("achieved", "kept_mean", "kept_lower_bound")


@pytest.mark.parametrize(
    ("case", "judges", "words"),
    [
        ("", ("truth", "own_ensemble"), "done, by the truth"),
        (", measured", ("reference_ensemble", "own_ensemble"), "done, by the reference ensemble"),
    ],
)
def test_lines_and_bands_are_those_of_the_best_judge(case, judges, words):
    table = designs(judges=judges)
    table = table[table["judge"] == judges[0]]
    panels = panels_of(drawn(f"designs{case}"))
    assert words in [text.get_text() for text in panels[0].get_legend().get_texts()]
    for panel, quantity in zip(panels, QUANTITIES, strict=True):
        own = table.dropna(subset=quantity)
        bars = {bar.get_label(): bar for bar in panel.containers}
        assert list(bars) == [looks.label(name) for name in own["design"].unique()]
        for design, rows in own.groupby("design", sort=False):
            line, _, (ends,) = bars[looks.label(design)]
            np.testing.assert_allclose(np.asarray(line.get_ydata(), dtype=float), rows[quantity])
            np.testing.assert_allclose(np.asarray(line.get_xdata(), dtype=float), range(len(STEPS)), atol=0.4)
            segments = np.array(ends.get_segments())[..., 1]
            expected = rows[[f"{quantity}_low", f"{quantity}_high"]]
            np.testing.assert_allclose(segments, expected, atol=1e-9)
        assert [text.get_text() for text in tick_labels(panel)] == [str(step) for step in STEPS]


def test_what_is_promised_is_dashed():
    table = designs()
    dashed = [line for line in panels_of(drawn("designs"))[0].get_lines() if line.get_linestyle() == "--"]
    assert len(dashed) == len(DESIGNS)
    for line, design in zip(dashed, DESIGNS, strict=True):
        own = table[(table["design"] == design) & (table["judge"] == "truth")]
        np.testing.assert_allclose(line.get_xydata(), list(enumerate(own["promised"])))


def test_the_shares_that_right_predictions_would_have_are_drawn():
    for panel, height in zip(panels_of(drawn("designs"))[1:], (0.5, 0.9), strict=True):
        assert any(set(line.get_ydata()) == {height} for line in panel.get_lines())


def test_a_designer_without_a_std_has_no_line_for_its_bound():
    panel = panels_of(drawn("designs"))[2]
    assert "greedy member" not in [bar.get_label() for bar in panel.containers]


def test_the_legend_names_each_design_once():
    assert legend_texts(drawn("designs")) == [looks.label(name) for name in DESIGNS]
    assert max(STEPS) == 20
