"""The figure of the profiles of some regions."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import StepPatch

from degu.figures import profile_examples
from degu.figures.looks import label
from tests.figures import profile_tables
from tests.figures.cases import drawn, table_of
from tests.figures.panels import legend_texts, panels_of

CASE = "profile examples"
BANDS = ("± total std of 3 replicates together", "± epistemic std")


def steps(panel: Axes, words: str) -> list[StepPatch]:
    """Return what is drawn under a name, one for each strand."""
    return [part for part in panel.patches if isinstance(part, StepPatch) and part.get_label() == words]


def strands(region: str, case: str = CASE) -> list[pd.DataFrame]:
    """Return the rows of each strand of a region."""
    own = table_of(case).query(f"region == '{region}'")
    return [own[own["strand"] == name] for name in own["strand"].unique()]


def region_of(panel: Axes) -> str:
    return panel.get_title().split("\n")[0].split(", ", 1)[-1]


def test_bars_and_lines_are_the_shares_with_the_reverse_strand_downwards():
    for panel in panels_of(drawn(CASE)):
        for words, column in (("measured", "measured"), (label("ensemble"), "ensemble"), (label("student"), "student")):
            drawn_steps = steps(panel, words)
            assert len(drawn_steps) == 2
            for part, rows, side in zip(drawn_steps, strands(region_of(panel)), (1, -1), strict=True):
                values, edges, baseline = part.get_data()
                np.testing.assert_allclose(values, side * rows[column])
                np.testing.assert_array_equal(edges, np.arange(-128, 129, 16))
                # Bars begin at 0, and lines have no area.
                assert (baseline is None) == (words != "measured") == (not part.get_fill())


def test_bands_are_one_std_about_the_student_and_never_below_0():
    table = table_of(CASE).assign(student_epistemic=0.05)
    panels = panels_of(profile_examples.draw(table, "Toy"))
    clipped = 0
    for panel in panels:
        region = region_of(panel)
        for words in BANDS:
            for part, rows, side in zip(steps(panel, words), strands(region), (1, -1), strict=True):
                aleatoric = rows["student_aleatoric"].to_numpy() * (words == BANDS[0])
                # What three replicates have together has a third of the noise of one.
                std = np.sqrt(0.05**2 + aleatoric**2 / 3)
                below, above = np.maximum(rows["student"] - std, 0), rows["student"] + std
                clipped += (below == 0).sum()
                high, _, low = part.get_data()
                expected = (below, above) if side == 1 else (-above, -below)
                np.testing.assert_allclose((low, high), expected, atol=1e-12)
    assert clipped > 10


def test_one_replicate_has_all_of_its_noise():
    (panel, *_) = panels_of(profile_examples.draw(table_of(CASE).assign(replicates=1), "Toy"))
    own = strands(region_of(panel))[0]
    high, _, _ = steps(panel, "± total std")[0].get_data()
    np.testing.assert_allclose(high, own["student"] + np.hypot(own["student_epistemic"], own["student_aleatoric"]))


def test_the_epistemic_band_is_the_darker_one():
    panel = panels_of(drawn(CASE))[0]
    total, epistemic = (steps(panel, words)[0] for words in BANDS)
    assert epistemic.get_alpha() > total.get_alpha()
    assert total.get_facecolor()[:3] == epistemic.get_facecolor()[:3]


def test_thin_bars_are_the_std_over_members():
    for panel in panels_of(drawn(CASE)):
        for container, rows, side in zip(panel.containers, strands(region_of(panel)), (1, -1), strict=True):
            segments = np.array(container.lines[2][0].get_segments())
            np.testing.assert_allclose(segments[:, 0, 0], rows["position"] + 8)
            below, above = (rows["ensemble"] + sign * rows["ensemble_epistemic"] for sign in (-1, 1))
            expected = (below, above) if side == 1 else (-above, -below)
            np.testing.assert_allclose(segments[:, :, 1].T, expected)


def test_titles_name_the_region_its_counts_and_why_it_is_shown():
    titles = [panel.get_title() for panel in panels_of(drawn(CASE))]
    first = table_of(CASE).drop_duplicates("region")
    named = zip(first["region"], first["counts"], first["kind"], strict=True)
    assert sorted(titles) == sorted(f"{region}\n{counts:,} counts, {kind}" for region, counts, kind in named)
    two = [panel.get_title() for panel in panels_of(drawn("profile examples, two targets"))]
    assert [title.split(", ")[0] for title in two] == ["Dev"] * 5 + ["Hk"] * 5


def test_shares_have_no_sign_and_positions_a_unit():
    panel = panels_of(drawn(CASE))[3]
    low, high = panel.get_ylim()
    assert low < 0 < high
    assert not any(set(text.get_text()) & {"-", "\N{MINUS SIGN}"} for text in panel.get_yticklabels())
    assert panel.get_xlabel() == "position relative to the middle [bp]"
    assert panel.get_ylabel() == "share of the counts in a bin\n(reverse strand downwards)"
    assert panel.get_xlim() == (-128, 128)


def test_there_is_room_beyond_every_bar_and_band():
    for panel in panels_of(drawn(CASE)):
        (low, high), height = panel.get_ylim(), panel.dataLim.height
        assert panel.dataLim.y0 - low == pytest.approx(0.05 * height)
        assert high - panel.dataLim.y1 == pytest.approx(0.05 * height)


def test_counts_without_strands_are_drawn_upwards():
    for panel in panels_of(drawn("profile examples, one strand")):
        assert panel.get_ylim()[0] == 0
        assert len(steps(panel, "measured")) == 1
        assert "reverse" not in panel.get_ylabel()


def test_without_an_aleatoric_head_there_is_no_total():
    words = legend_texts(drawn("profile examples, one strand"))
    assert BANDS[1] in words and BANDS[0] not in words


@pytest.mark.parametrize("order", [list(range(9)), [8, 7, 6, 5, 4, 3, 2, 1, 0], [0, 3, 6, 1, 4, 7, 2, 5, 8]])
def test_of_many_regions_each_kind_has_as_many(order):
    own = [rows for _, rows in profile_tables.examples(regions=9).groupby("region", sort=False)]
    chosen = profile_examples.chosen_regions(pd.concat([own[index] for index in order]))
    kinds = [rows["kind"].unique().tolist() for rows in chosen]
    assert len(chosen) == 6 and kinds[:3] == kinds[3:]
    assert len({kind for (kind,) in kinds}) == 3
    # The first regions of a kind are chosen.
    for kind in {kind for (kind,) in kinds}:
        expected = [own[index]["region"].iloc[0] for index in order if own[index]["kind"].iloc[0] == kind][:2]
        assert [rows["region"].iloc[0] for rows in chosen if rows["kind"].iloc[0] == kind] == expected
