"""The figure of attribution maps as logos."""

import itertools

import numpy as np
import pandas as pd
import pytest
from logomaker import Logo
from matplotlib.colors import to_hex, to_rgb

from degu.figures import attribution_logos
from tests.figures.attribution_tables import MAPS, SEQUENCES, logos, units
from tests.figures.cases import drawn
from tests.figures.panels import panels_of


def test_each_map_of_each_sequence_has_a_logo_of_its_name():
    titles = [panel.get_title(loc="left") for panel in panels_of(drawn("attribution logos"))]
    assert titles == [f"{sequence}: {name}" for sequence in SEQUENCES for name in MAPS]


def test_every_logo_is_of_its_own_map_in_the_colour_of_each_base(monkeypatch):
    made = []

    def noted(frame: pd.DataFrame, **options: object) -> Logo:
        made.append((frame, Logo(frame, **options)))
        return made[-1][1]

    monkeypatch.setattr(attribution_logos.logomaker, "Logo", noted)
    figure = attribution_logos.draw(logos(), units(), "Toy")
    expected = [values for maps in logos().values() for values in maps.values()]
    for (frame, logo), values, panel in zip(made, expected, panels_of(figure), strict=True):
        assert logo.ax is panel
        assert list(frame) == list("ACGT")
        np.testing.assert_array_equal(frame, values)
        for base in "ACGT":
            assert to_hex(logo.rgb_dict[base]) == attribution_logos.BASES[base].lower()
        low, high = panel.get_ylim()
        assert low <= values.min() and values.max() <= high


def test_the_logos_share_positions_and_say_the_unit():
    figure = drawn("attribution logos")
    panels = panels_of(figure)
    assert [panel.get_xlabel() for panel in panels] == [""] * 3 + ["position [bp]"]
    assert len({panel.get_xlim() for panel in panels}) == 1
    assert figure.get_supylabel() == "contribution\n[log2]"
    assert attribution_logos.draw(logos(), units(""), "Toy").get_supylabel() == "contribution"


def test_panels_of_several_units_say_each_their_own():
    first, second = SEQUENCES
    pairs = {first: ("log2", "logits"), second: ("log2", "")}
    known = {sequence: dict(zip(MAPS, own, strict=True)) for sequence, own in pairs.items()}
    figure = attribution_logos.draw(logos(), known, "Toy")
    assert figure.get_supylabel() == "contribution"
    titles = [panel.get_title(loc="left") for panel in panels_of(figure)]
    assert titles == [
        *(f"{first}: {MAPS[0]} [log2]", f"{first}: {MAPS[1]} [logits]"),
        *(f"{second}: {MAPS[0]} [log2]", f"{second}: {MAPS[1]}"),
    ]


def test_one_map_is_enough():
    name, maps = next(iter(logos().items()))
    figure = attribution_logos.draw({name: {"one": maps[MAPS[0]]}}, {name: {"one": "log2"}}, "Toy")
    (panel,) = panels_of(figure)
    assert panel.get_xlabel() == "position [bp]" and panel.get_title(loc="left") == f"{name}: one"


def test_the_colours_of_the_bases_differ():
    for one, other in itertools.combinations(attribution_logos.BASES.values(), 2):
        assert np.abs(np.subtract(to_rgb(one), to_rgb(other))).max() > 0.2


def test_positions_begin_where_the_caller_says():
    values = np.eye(4)[[0, 1, 2, 3, 0]]
    for first, number in itertools.product((-3, 0, 157, 100_301), (1, 3)):
        # A panel without a logo shares the positions of the others.
        maps = {"a": {"none": np.zeros((5, 4)), **{str(row): values for row in range(number)}}}
        figure = attribution_logos.draw(maps, {"a": dict.fromkeys(maps["a"], "")}, "Toy", first=first)
        figure.canvas.draw()
        *_, last = panels = panels_of(figure)
        assert len(panels) == number + 1
        for panel in panels:
            assert panel.get_xlim() == (first - 0.5, first + 4.5)
        letters = [patch.get_path().get_extents() for patch in last.patches]
        assert min(box.x0 for box in letters) >= first - 0.5 and max(box.x1 for box in letters) <= first + 4.5
        ticks = [label.get_text().replace("\N{MINUS SIGN}", "-") for label in last.get_xticklabels()]
        assert set(ticks) >= {f"{place:,}" for place in range(first, first + 5)}
        assert last.xaxis.get_offset_text().get_text() == ""


def test_the_caller_says_what_positions_are():
    figure = attribution_logos.draw(logos(), units(), "Toy", position="place")
    assert [panel.get_xlabel() for panel in panels_of(figure)] == [""] * 3 + ["place [bp]"]


def test_a_long_sequence_has_a_wider_figure():
    assert [attribution_logos.width_of(length) for length in (20, 200, 400, 5000)] == [9, 9, 18, 60]
    assert attribution_logos.draw(
        {"a": {"one": np.ones((240, 4))}}, {"a": {"one": ""}}, "Toy"
    ).get_figwidth() == pytest.approx(10.8)


@pytest.mark.filterwarnings("error")
def test_a_map_of_zeros_is_told_and_keeps_its_positions():
    figure = attribution_logos.draw({"a": {"mean": np.zeros((12, 4))}}, {"a": {"mean": "log2"}}, "Toy", first=5)
    (panel,) = panels_of(figure)
    assert [text.get_text() for text in panel.texts] == ["all contributions are 0"]
    assert panel.get_xlim() == (4.5, 16.5)
