"""The figure of every single substitution."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from degu.figures import saturation
from degu.figures.attribution_logos import BASES
from tests.figures.attribution_tables import saturated
from tests.figures.cases import drawn, table_of
from tests.figures.panels import panels_of


def heat_map(panel: Axes) -> np.ma.MaskedArray:
    """Return the values of the upper of the two images of a panel."""
    return panel.get_images()[1].get_array()


def columns_of(panel: Axes) -> range:
    """Return the positions that a heat map shows."""
    left, right, *_ = panel.get_images()[1].get_extent()
    return range(round(left + 0.5), round(right + 0.5))


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (1, 40, [(1, 41)]),
        (1, 100, [(1, 101)]),
        (1001, 1101, [(1001, 1052), (1052, 1103)]),
        (0, 299, [(0, 100), (100, 200), (200, 300)]),
        (5, 5, [(5, 6)]),
    ],
)
def test_long_sequences_have_several_lines_of_one_length(first, last, expected):
    assert saturation._lines(first, last) == expected


@pytest.mark.parametrize(("kind", "place"), [("effect", 1), ("effect_std", 2)])
def test_each_cell_shows_its_own_value(kind, place):
    for name in ("saturation", "saturation, two lines"):
        table = table_of(name).set_index(["position", "alt"])[kind]
        shown = {}
        for panel in panels_of(drawn(name))[place::3]:
            for column, position in enumerate(columns_of(panel)):
                for row, base in enumerate("ACGT"):
                    value = heat_map(panel)[row, column]
                    if not np.ma.is_masked(value) and not np.isnan(value):
                        shown[position, base] = value
        assert shown == table.to_dict()


def test_the_base_of_the_sequence_is_grey_and_an_unknown_one_is_empty():
    table, panel = table_of("saturation"), panels_of(drawn("saturation"))[1]
    grey = panel.get_images()[0]
    known = table.groupby("position")["ref"].first()
    for column, position in enumerate(columns_of(panel)):
        marked = [base for row, base in enumerate("ACGT") if grey.get_array()[row, column] == 1]
        assert marked == ([known[position]] if position in known else [])
    assert to_hex(grey.cmap(1.0)) == "#bbbbbb"


def test_a_dot_marks_each_interval_without_0():
    table = table_of("saturation")
    certain = table[(table["effect_lower"] > 0) | (table["effect_upper"] < 0)]
    (dots,) = panels_of(drawn("saturation"))[1].get_lines()
    found = {(position, "ACGT"[row]) for position, row in zip(dots.get_xdata(), dots.get_ydata(), strict=True)}
    assert found == set(zip(certain["position"], certain["alt"], strict=True))
    assert 0 < len(found) < len(table)


def test_letters_are_as_high_as_what_is_lost_on_average(monkeypatch):
    made = []
    logo = saturation.logomaker.Logo
    monkeypatch.setattr(
        saturation.logomaker, "Logo", lambda frame, **options: made.append(frame) or logo(frame, **options)
    )
    table = saturated(length=130)
    saturation.draw(table, {}, "Toy")
    heights = pd.concat(made)
    assert list(heights.columns) == list(BASES)
    for position, rows in table.groupby("position"):
        expected = np.where(np.array(list("ACGT")) == rows["ref"].iloc[0], -rows["effect"].mean(), 0)
        np.testing.assert_allclose(heights.loc[position], expected)
    # The one that is not known has no letter.
    assert (heights.loc[1008] == 0).all()


def test_both_scales_of_effects_are_even_about_0_and_those_of_std_begin_at_0():
    for name in ("saturation", "saturation, two lines", "saturation, no std"):
        table, figure = table_of(name), drawn(name)
        kinds = ["effect", "effect_std"] if "effect_std" in table else ["effect"]
        for place, panel in enumerate(panel for panel in panels_of(figure) if len(panel.get_images()) == 2):
            kind = kinds[place % len(kinds)]
            low, high = panel.get_images()[1].get_clim()
            assert high == table[kind].abs().max()
            assert low == (-high if kind == "effect" else 0)


def test_panels_of_a_line_show_the_same_positions_and_say_their_units():
    for name in ("saturation", "saturation, two lines"):
        panels = panels_of(drawn(name))
        for start in range(0, len(panels), 3):
            assert len({panel.get_xlim() for panel in panels[start : start + 3]}) == 1
            assert [panel.get_xlabel() for panel in panels[start : start + 3]] == ["", "", "position [bp]"]
            assert panels[start].get_ylabel() == "mean loss\n[log2]"
        bars = [axes.get_ylabel() for axes in drawn(name).axes if axes.get_label() == "<colorbar>"]
        assert sorted(set(bars)) == ["effect\n[log2]", "std\n[log2]"]


def test_targets_are_told_apart_and_without_a_std_nothing_is_said_of_it():
    titles = [panel.get_title(loc="left") for panel in panels_of(drawn("saturation, two targets"))]
    assert [title.partition(":")[0] for title in titles] == ["Dev"] * 3 + ["Hk"] * 3
    titles = [panel.get_title(loc="left") for panel in panels_of(drawn("saturation, no std"))]
    assert titles == ["activity that is lost when the base is changed, mean of 3", "effect of each substitution"]


def test_more_bases_make_wider_figures_up_to_a_line():
    widths = [saturation.draw(saturated(length=length), {}, "Toy").get_figwidth() for length in (40, 100, 200)]
    assert widths[0] < widths[1] == widths[2] < 12


def test_no_effect_at_all_can_be_drawn():
    saturation.draw(saturated().assign(effect=0.0, effect_std=0.0), {}, "Toy").draw_without_rendering()
