"""The figure of the ladder of shifts."""

import numpy as np

from degu.figures import shift_ladder
from degu.figures.looks import label
from tests.figures import shift_tables
from tests.figures.cases import drawn
from tests.figures.panels import panels_of, rows_of, tick_labels


def test_lines_join_the_means_over_the_models_of_a_kind():
    table = shift_tables.scores()
    rows = rows_of(panels_of(drawn("shift ladder")))
    metrics = [("mse", "truth"), ("mean_std", ""), ("auroc_of_large_errors", "truth"), ("coverage", "measured")]
    for panels, (metric, reference) in zip(rows, metrics, strict=True):
        for panel, shift in zip(panels, shift_tables.LEVELS, strict=True):
            own = table[(table["shift"] == shift) & (table["metric"] == metric) & (table["reference"] == reference)]
            for container in panel.containers:
                model = next(name for name in shift_tables.MODELS if label(name) == container.get_label())
                chosen = own[own["model"] == model]
                heights = np.sqrt(chosen["value"]) if metric == "mse" else chosen["value"]
                expected = heights.groupby(chosen["rung"]).mean()
                np.testing.assert_allclose(np.asarray(container.lines[0].get_ydata(), dtype=float), expected)


def test_shifts_without_words_are_left_out():
    words = {"mutation": shift_tables.WORDS["mutation"]}
    figure = shift_ladder.draw(shift_tables.scores(), words, {}, "Toy")
    assert [panel.get_title() for panel in panels_of(figure)][:2] == ["mutation", ""]


def test_each_rung_is_named_by_its_level():
    *_, last = rows_of(panels_of(drawn("shift ladder")))
    for panel, levels in zip(last, shift_tables.LEVELS.values(), strict=True):
        assert [text.get_text() for text in tick_labels(panel)] == ["none", *(f"{level:g}" for level in levels[1:])]


def test_lines_of_chance_and_of_the_nominal_coverage_are_drawn():
    rows = rows_of(panels_of(drawn("shift ladder")))
    for panels, height in ((rows[2], 0.5), (rows[3], 0.95)):
        assert all(any(set(line.get_ydata()) == {height} for line in panel.get_lines()) for panel in panels)


def test_several_targets_stand_below_each_other():
    rows = rows_of(panels_of(drawn("shift ladder, two targets")))
    assert [row[0].get_ylabel().partition("\n")[0] for row in rows] == ["Dev"] * 4 + ["Hk"] * 4
