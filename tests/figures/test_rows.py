"""Panels with one row for each thing that is compared."""

import numpy as np
import pytest

from degu.figures import looks, rows, style
from tests.figures.panels import points_in_row, row_labels

LOOK = looks.Look(color=(0.0, 0.0, 1.0), marker="o")


@pytest.fixture
def panel():
    _, axes = style.panels(1, 1)
    return axes[0, 0]


def test_rows_are_named_from_top_to_bottom(panel):
    rows.label_rows(panel, ["first", "second"])
    assert row_labels(panel) == ["first", "second"]
    low, high = panel.get_ylim()
    assert low > 1 and high < 0


def test_the_mean_is_large_and_each_value_small(panel):
    rows.plot_points(panel, [0.2, 0.4, np.nan], 3, LOOK)
    assert points_in_row(panel, 3) == pytest.approx([0.3, 0.2, 0.4])
    assert list(panel.texts) == []


def test_one_value_is_one_point(panel):
    rows.plot_points(panel, [0.2], 0, LOOK)
    assert points_in_row(panel, 0) == [0.2]


@pytest.mark.parametrize("values", [[], [np.nan]])
def test_nothing_is_drawn_of_nothing(panel, values):
    rows.plot_points(panel, values, 0, LOOK)
    assert list(panel.get_lines()) == []


@pytest.mark.parametrize(
    ("value", "edge", "marker", "text"),
    [(0.318, 0.75, "<", "0.32"), (1.5, 1.0, ">", "1.5"), (np.inf, 1.0, ">", "inf")],
)
def test_a_mean_beyond_the_axis_is_an_arrow_with_its_number(panel, value, edge, marker, text):
    rows.plot_points(panel, [value], 2, LOOK, limits=(0.75, 1.0))
    (line,) = panel.get_lines()
    assert (line.get_xdata()[0], line.get_ydata()[0], line.get_marker()) == (edge, 2, marker)
    assert [words.get_text() for words in panel.texts] == [text]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        # The mean 0.7 is within the axis, and two of its three values are not.
        ([0.1, 0.9, 1.1], {(5, "o"): [0.7], (3, "<"): [0.5], (3, "."): [0.9], (3, ">"): [1.0]}),
        # The mean 0.4 is not, and one of its two values is.
        ([0.1, 0.7], {(5, "<"): [0.5], (3, "<"): [0.5], (3, "."): [0.7]}),
    ],
)
def test_no_single_value_is_lost_at_the_end_of_an_axis(panel, values, expected):
    rows.plot_points(panel, values, 2, LOOK, limits=(0.5, 1.0))
    drawn = {(line.get_markersize(), line.get_marker()): list(line.get_xdata()) for line in panel.get_lines()}
    assert drawn == {key: pytest.approx(own) for key, own in expected.items()}
    for line in panel.get_lines():
        # Nothing cuts an arrow: not the panel, nor the line at the end of its axis.
        arrow = line.get_marker() in "<>"
        assert line.get_clip_on() != arrow
        assert (line.get_zorder() > panel.spines["left"].get_zorder()) == arrow


@pytest.mark.parametrize(
    ("values", "shown", "lowest", "highest"),
    [
        # Everything near the middle half has its place.
        ([[0.7, 0.8], [0.9], [0.95]], (), 0.7, 0.95),
        # One row of five that is far from the others has none, however many values it has.
        ([[0.9], [0.92], [0.94], [0.96], [0.1] * 50], (), 0.9, 0.96),
        ([[0.1], [0.12], [0.14], [0.16], [0.9]], (), 0.1, 0.16),
        # Nor has one value of a row, whose mean, 0.565, is drawn.
        ([[0.9, 0.92, 0.94, -0.5], [0.7], [0.72]], (), 0.565, 0.94),
        # Where values differ by much, the middle half is wide, and all have a place.
        ([[0.1], [0.4], [0.7], [0.9]], (), 0.1, 0.9),
        ([[0.5], [0.6]], (0.95, 1.0), 0.5, 1.0),
        ([[np.nan, 0.5], [np.inf], [], [0.6]], (), 0.5, 0.6),
    ],
)
def test_the_axis_has_room_for_all_but_a_few_values_far_from_the_others(values, shown, lowest, highest):
    low, high = rows.ends_of_axis(values, shown)
    margin = 0.04 * max(highest - lowest, 0.1)
    assert (low, high) == (pytest.approx(lowest - margin), pytest.approx(highest + margin))


def test_an_axis_of_no_values_has_ends():
    assert rows.ends_of_axis([[], [np.nan]]) == (0.0, 1.0)


@pytest.mark.parametrize(("filled", "fillstyle"), [(True, "full"), (False, "none")])
def test_a_large_point_may_be_open(panel, filled, fillstyle):
    rows.plot_points(panel, [0.5], 0, LOOK, filled=filled)
    assert panel.get_lines()[0].get_fillstyle() == fillstyle


def test_the_numbers_of_several_arrows_are_one_text_at_each_end(panel):
    rows.write_numbers(panel, {0.8: 0.318, 1.2: 0.4, 1.0: 0.8, 1.4: np.inf, 1.5: np.inf}, (0.75, 1.0))
    texts = {words.get_text(): words.xy for words in panel.texts}
    assert set(texts) == {"0.32 to 0.4", "inf"}
    assert texts["0.32 to 0.4"] == pytest.approx((0.75, 1.0))
    assert texts["inf"] == pytest.approx((1.0, 1.45))
